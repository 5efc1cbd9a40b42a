namespace Edge.Runtime.Models;

/// <summary>
/// How an architecture names its weights. A further architecture is a further row here, and where it computes differently
/// a further property that the decoder graph asks for.
/// </summary>
internal sealed record DecoderLayout
{
    /// <summary>By the name in <c>config.json</c>.</summary>
    public static IReadOnlyDictionary<string, DecoderLayout> Known { get; } = new Dictionary<string, DecoderLayout>(StringComparer.Ordinal)
    {
        ["LlamaForCausalLM"] = new(),
    };

    public string Embedding { get; init; } = "model.embed_tokens.weight";

    public string FinalNorm { get; init; } = "model.norm.weight";

    /// <summary>Absent from the weights of models whose embedding is tied.</summary>
    public string Head { get; init; } = "lm_head.weight";

    public string LayerPrefix { get; init; } = "model.layers.";

    public string AttentionNorm { get; init; } = "input_layernorm.weight";

    public string Query { get; init; } = "self_attn.q_proj.weight";

    public string Key { get; init; } = "self_attn.k_proj.weight";

    public string Value { get; init; } = "self_attn.v_proj.weight";

    public string AttentionOutput { get; init; } = "self_attn.o_proj.weight";

    public string MlpNorm { get; init; } = "post_attention_layernorm.weight";

    public string Gate { get; init; } = "mlp.gate_proj.weight";

    public string Up { get; init; } = "mlp.up_proj.weight";

    public string Down { get; init; } = "mlp.down_proj.weight";

    /// <summary>The full name of a weight in layer <paramref name="layer"/>, counted from 0.</summary>
    public string InLayer(int layer, string weight) => $"{LayerPrefix}{layer}.{weight}";
}
