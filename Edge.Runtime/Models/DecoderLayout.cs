namespace Edge.Runtime.Models;

/// <summary>
/// How an architecture names its weights, and where its layers differ from Llama's. A further architecture is a further row here, and where it
/// computes something new a further property that the decoder graph asks for.
/// </summary>
internal sealed record DecoderLayout
{
    /// <summary>By the name in <c>config.json</c>.</summary>
    public static IReadOnlyDictionary<string, DecoderLayout> Known { get; } = new Dictionary<string, DecoderLayout>(StringComparer.Ordinal)
    {
        ["LlamaForCausalLM"] = new(),
        ["MistralForCausalLM"] = new() { Window = WindowRule.EveryLayer },
        ["Qwen2ForCausalLM"] = new() { QkvBias = true, Window = WindowRule.WhereAsked },
        ["Qwen3ForCausalLM"] = new() { QueryNorm = "self_attn.q_norm.weight", KeyNorm = "self_attn.k_norm.weight", Window = WindowRule.WhereAsked },
        ["Gemma3ForCausalLM"] = new()
        {
            QueryNorm = "self_attn.q_norm.weight",
            KeyNorm = "self_attn.k_norm.weight",
            AttentionPostNorm = "post_attention_layernorm.weight",
            MlpNorm = "pre_feedforward_layernorm.weight",
            MlpPostNorm = "post_feedforward_layernorm.weight",
            NormOffset = 1,
            ScaledEmbedding = true,
            TiedByDefault = true,
            Activation = Activation.GeluTanh,
            Window = WindowRule.AllButEverySixth,
        },
        ["PhiForCausalLM"] = new()
        {
            FinalNorm = "model.final_layernorm.weight",
            AttentionOutput = "self_attn.dense.weight",
            Gate = null,
            Up = "mlp.fc1.weight",
            Down = "mlp.fc2.weight",
            MlpNorm = null,
            LayerNorm = true,
            QkvBias = true,
            AllBiases = true,
            Activation = Activation.GeluTanh,
        },
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

    /// <summary>Of each head's query before it is turned; null without.</summary>
    public string? QueryNorm { get; init; }

    public string? KeyNorm { get; init; }

    public string AttentionOutput { get; init; } = "self_attn.o_proj.weight";

    /// <summary>Of what attention adds to the residual stream; null without.</summary>
    public string? AttentionPostNorm { get; init; }

    /// <summary>Null where the MLP reads what attention reads, and both are added at once (GPT-J's parallel layers).</summary>
    public string? MlpNorm { get; init; } = "post_attention_layernorm.weight";

    /// <summary>Null where the MLP has no gate.</summary>
    public string? Gate { get; init; } = "mlp.gate_proj.weight";

    public string Up { get; init; } = "mlp.up_proj.weight";

    public string Down { get; init; } = "mlp.down_proj.weight";

    /// <summary>Of what the MLP adds to the residual stream; null without.</summary>
    public string? MlpPostNorm { get; init; }

    /// <summary>Norms take the mean away and have a bias, instead of RMSNorm.</summary>
    public bool LayerNorm { get; init; }

    /// <summary>Added to norm weights, which are stored as their difference from it.</summary>
    public float NormOffset { get; init; }

    /// <summary>Embeddings are multiplied by √hidden.</summary>
    public bool ScaledEmbedding { get; init; }

    public bool QkvBias { get; init; }

    /// <summary>Every projection has a bias, the head included.</summary>
    public bool AllBiases { get; init; }

    /// <summary>What Hugging Face assumes where <c>config.json</c> leaves tie_word_embeddings out.</summary>
    public bool TiedByDefault { get; init; }

    /// <summary>The same for the activation.</summary>
    public Activation Activation { get; init; }

    public WindowRule Window { get; init; }

    /// <summary>The full name of a weight in layer <paramref name="layer"/>, counted from 0.</summary>
    public string InLayer(int layer, string weight) => $"{LayerPrefix}{layer}.{weight}";

    /// <summary>The bias beside a weight.</summary>
    public static string BiasOf(string weight) => weight[..^"weight".Length] + "bias";
}
