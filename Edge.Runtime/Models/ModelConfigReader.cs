using System.Text.Json;

namespace Edge.Runtime.Models;

/// <summary>Reads and checks <c>config.json</c>: every value in its range, every feature one that the converter writes.</summary>
internal sealed class ModelConfigReader(ConfigValues config)
{
    public const string FileName = "config.json";

    private const long FileBytesMax = 4L << 20;

    public static ModelConfig Read(string path) => JsonFile.Read(path, FileBytesMax, root => new ModelConfigReader(new ConfigValues(path, root)).Read());

    /// <param name="name">Of what the text is, for messages.</param>
    /// <param name="json">A whole <c>config.json</c>.</param>
    public static ModelConfig Parse(string name, string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ModelConfigReader(new ConfigValues(name, document.RootElement)).Read();
    }

    private ModelConfig Read()
    {
        string architecture = ReadArchitecture();
        var layout = DecoderLayout.Known[architecture];
        if (config.Find("quantization_config") is not null)
        {
            throw config.Fault("the weights are quantized already (quantization_config); convert the original fp16, bf16 or fp32 weights");
        }

        int hidden = config.Integer("hidden_size", 1, 1 << 16);
        int heads = config.Integer("num_attention_heads", 1, 1 << 10);
        int kvHeads = ReadKvHeads(heads);
        int headDim = ReadHeadDim(hidden, heads);
        int layers = config.Integer("num_hidden_layers", 1, 1 << 9);
        int vocabulary = config.Integer("vocab_size", 1, 1 << 20);
        int contextLength = config.Integer("max_position_embeddings", 1, 1 << 21);
        var rotary = new RotaryReader(config, headDim);
        bool attentionBias = config.Flag("attention_bias");
        return new ModelConfig
        {
            Architecture = architecture,
            Hidden = hidden,
            Layers = layers,
            Heads = heads,
            KvHeads = kvHeads,
            HeadDim = headDim,
            Intermediate = config.Integer("intermediate_size", 1, 1 << 18),
            Vocabulary = vocabulary,
            ContextLength = contextLength,
            NormEpsilon = (float)config.Number(layout.LayerNorm ? "layer_norm_eps" : "rms_norm_eps", 1e-6, 1e-12, 1),
            Activation = ReadActivation(layout),
            Rotary = rotary.Read(),
            LocalRotary = rotary.ReadLocal(),
            Windows = new WindowReader(config, layout, layers, contextLength).Read(),
            AttentionScale = (float)(1 / Math.Sqrt(config.Number("query_pre_attn_scalar", headDim, 1e-3, 1e6))),
            AttentionSoftcap = (float)config.Number("attn_logit_softcapping", 0, 0, 1e6),
            LogitSoftcap = (float)config.Number("final_logit_softcapping", 0, 0, 1e6),
            QkvBias = layout.QkvBias || attentionBias,
            OutputBias = layout.AllBiases || attentionBias,
            MlpBias = layout.AllBiases || config.Flag("mlp_bias"),
            TiedEmbedding = config.Flag("tie_word_embeddings", layout.TiedByDefault),
            BosTokenId = config.TokenIds("bos_token_id", vocabulary) is [int bos, ..] ? bos : null,
            EosTokenIds = config.TokenIds("eos_token_id", vocabulary),
        };
    }

    private string ReadArchitecture()
    {
        string? architecture = config.Find("architectures") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
            && list[0].ValueKind == JsonValueKind.String ? list[0].GetString() : null;
        if (architecture is null)
        {
            throw config.Fault("no \"architectures\"; copy the file again from its source");
        }

        return DecoderLayout.Known.ContainsKey(architecture)
            ? architecture
            : throw config.Fault($"the architecture is {architecture}; Edge converts {string.Join(", ", DecoderLayout.Known.Keys)}");
    }

    private int ReadKvHeads(int heads)
    {
        int kvHeads = config.Integer("num_key_value_heads", 1, heads, heads);
        return heads % kvHeads == 0 ? kvHeads : throw config.Fault($"num_key_value_heads is {kvHeads}; it must divide num_attention_heads, {heads}");
    }

    private int ReadHeadDim(int hidden, int heads)
    {
        int headDim = config.Integer("head_dim", 2, 1 << 10, hidden / heads);
        return headDim % 2 == 0 ? headDim : throw config.Fault($"head_dim is {headDim}; rotary embedding needs an even number");
    }

    private Activation ReadActivation(DecoderLayout layout) => (config.Text("hidden_activation") ?? config.Text("hidden_act")) switch
    {
        null => layout.Activation,
        "silu" => Activation.Silu,
        "gelu_new" or "gelu_pytorch_tanh" => Activation.GeluTanh,
        var other => throw config.Fault($"hidden_act is \"{other}\"; Edge has \"silu\", \"gelu_new\" and \"gelu_pytorch_tanh\""),
    };
}
