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

    public required Activation Activation { get; init; }

    /// <summary>Rotary embedding of layers that see everything.</summary>
    public required RotaryConfig Rotary { get; init; }

    /// <summary>Rotary embedding of layers with a window, where it is another; null otherwise.</summary>
    public RotaryConfig? LocalRotary { get; init; }

    /// <summary>Tokens that each layer's attention sees, itself included; 0 for all. (layers)</summary>
    public required IReadOnlyList<int> Windows { get; init; }

    /// <summary>Attention scores are multiplied by it.</summary>
    public required float AttentionScale { get; init; }

    /// <summary>Attention scores s become c · tanh(s / c); 0 for none.</summary>
    public float AttentionSoftcap { get; init; }

    /// <summary>The same for logits.</summary>
    public float LogitSoftcap { get; init; }

    public bool QkvBias { get; init; }

    /// <summary>Of attention's output projection.</summary>
    public bool OutputBias { get; init; }

    public bool MlpBias { get; init; }

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

/// <summary>Between the projections of an MLP.</summary>
public enum Activation
{
    /// <summary>x · sigmoid(x)</summary>
    Silu,

    /// <summary>The tanh approximation: x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))</summary>
    GeluTanh,
}
