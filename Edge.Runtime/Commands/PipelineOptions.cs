using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;

namespace Edge.Runtime.Commands;

/// <summary>Limits of one command.</summary>
/// <param name="RoundsMax">How often the model is asked: after results it is asked again, until it has nothing more to do.</param>
/// <param name="TokensMax">Tokens of one answer.</param>
/// <param name="TextCharsMax">Characters of the command.</param>
/// <param name="Grammar">Limits of what the model may say.</param>
public sealed record PipelineOptions(int RoundsMax = 4, int TokensMax = 256, int TextCharsMax = 500, GrammarOptions? Grammar = null)
{
    /// <summary>What the model may be offered at each command; null for the whole catalogue.</summary>
    public ICatalogOffer? Offer { get; init; }
}
