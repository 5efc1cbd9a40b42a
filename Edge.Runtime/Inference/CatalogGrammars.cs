using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;

namespace Edge.Runtime.Inference;

/// <summary>The matchers of one catalogue, made when first needed: what may be said depends on where a conversation stands.</summary>
/// <param name="functions">What prompts tell of.</param>
/// <param name="offered">What may be said of it now; null for all.</param>
public sealed class CatalogGrammars(LanguageModel model, IReadOnlyList<FunctionDefinition> functions, GrammarOptions options, IReadOnlyList<FunctionDefinition>? offered = null)
{
    private readonly TokenMatcher?[] _matchers = new TokenMatcher?[3];

    public IReadOnlyList<FunctionDefinition> Functions { get; } = functions;

    public IReadOnlyList<FunctionDefinition> Offered { get; } = offered ?? functions;

    /// <exception cref="SchemaFault">A function cannot be enforced.</exception>
    public TokenMatcher For(AnswerKind kind) => _matchers[(int)kind] ??= model.Matcher(Offered, kind switch
    {
        AnswerKind.CallsOrWords => options,
        AnswerKind.CallsOrNothing => options with { SayCharsMax = 0 },
        _ => options with { AllowWords = false },
    });
}

/// <summary>What an answer may be.</summary>
public enum AnswerKind
{
    /// <summary>Calls, or words to the user.</summary>
    CallsOrWords,

    /// <summary>Calls, or the sign that there is nothing more to do: a reply is made of results, so the model's words about them would be thrown away.</summary>
    CallsOrNothing,

    /// <summary>Calls only: what a condition asked for was measured, and it holds.</summary>
    Calls,
}
