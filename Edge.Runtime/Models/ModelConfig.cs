namespace Edge.Runtime.Models;

/// <summary>The shape of a decoder, as <c>config.json</c> of a Hugging Face folder says it.</summary>
public sealed record ModelConfig
{
    /// <summary>The class name that Hugging Face gives the layout, for example <c>LlamaForCausalLM</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }

    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; a divisor of <see cref="Heads"/>.</summary>
    public required int KvHeads { get; init; }

    public required int HeadDim { get; init; }

    /// <summary>Width of the MLP.</summary>
    public required int Intermediate { get; init; }

    /// <summary>Rows of the embedding; may exceed the tokenizer's count by padding.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Positions the model was made for.</summary>
    public required int ContextLength { get; init; }

    public required float NormEpsilon { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    public required double RopeTheta { get; init; }

    /// <summary>The output projection is the embedding.</summary>
    public required bool TiedEmbedding { get; init; }

    /// <summary>The token put before every prompt; null where the model has none.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>Tokens that end an answer.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary>Reads <c>config.json</c> in <paramref name="folder"/>.</summary>
    /// <exception cref="ModelException">Missing or malformed, or a feature that Edge does not have; the message names it.</exception>
    public static ModelConfig Read(string folder) => ModelConfigReader.Read(Path.Combine(folder, ModelConfigReader.FileName));
}
