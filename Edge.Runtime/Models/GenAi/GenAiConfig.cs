using System.Globalization;
using System.Text.Json;

namespace Edge.Runtime.Models.GenAi;

/// <summary>
/// What <c>genai_config.json</c> says of a decoder that is ONNX already: the names of its inputs and outputs, and its shape. Source: onnxruntime-genai's
/// configuration reference.
/// </summary>
public sealed record GenAiConfig
{
    public const string FileName = "genai_config.json";

    private const long FileBytesMax = 4L << 20;

    /// <summary>The graph's file.</summary>
    public required string GraphFile { get; init; }

    /// <summary>The family, for people: <c>llama</c>, <c>phi3</c>.</summary>
    public required string Type { get; init; }

    public required string InputIds { get; init; }

    /// <summary>(1, tokens in the cache and in the run), ones.</summary>
    public required string AttentionMask { get; init; }

    /// <summary>(1, tokens); graphs that count themselves have no such input.</summary>
    public required string PositionIds { get; init; }

    public required string Logits { get; init; }

    /// <summary>Past and present of a layer may be one buffer of full length.</summary>
    public required bool SharesBuffer { get; init; }

    /// <summary>With <c>%d</c> for the layer; in the order past key, past value, present key, present value.</summary>
    public required IReadOnlyList<string> CachePatterns { get; init; }

    /// <summary>The shape, as far as it is told: what only a conversion needs is zero.</summary>
    public required ModelConfig Shape { get; init; }

    /// <summary>The names of layer <paramref name="layer"/>.</summary>
    public string Name(int pattern, int layer) => CachePatterns[pattern].Replace("%d", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <exception cref="ModelException">Missing, malformed, or of a kind that Edge does not run; one line.</exception>
    public static GenAiConfig Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return JsonFile.Read(path, FileBytesMax, root => Read(new ConfigValues(path, root)));
    }

    private static GenAiConfig Read(ConfigValues root)
    {
        var model = root.Object("model") ?? throw root.Fault("no \"model\"; copy the file again from its source");
        var decoder = model.Object("decoder") ?? throw root.Fault("no \"model.decoder\"; Edge runs decoders of one file");
        if (decoder.Find("pipeline") is not null || model.Find("encoder") is not null || model.Find("vision") is not null || model.Find("speech") is not null)
        {
            throw root.Fault("the model has more parts than a decoder (pipeline, encoder, vision or speech); Edge runs decoders of one file");
        }

        var inputs = decoder.Object("inputs") ?? decoder with { Json = default };
        var outputs = decoder.Object("outputs") ?? decoder with { Json = default };
        string file = decoder.Text("filename") ?? "model.onnx";
        if (file != Path.GetFileName(file) || file is "" or "." or "..")
        {
            throw root.Fault($"filename is \"{file}\"; use the name of a file in the same folder");
        }

        return new GenAiConfig
        {
            GraphFile = file,
            Type = model.Text("type") ?? "decoder",
            InputIds = Text(inputs, "input_ids", "input_ids"),
            AttentionMask = Text(inputs, "attention_mask", "attention_mask"),
            PositionIds = Text(inputs, "position_ids", "position_ids"),
            Logits = Text(outputs, "logits", "logits"),
            SharesBuffer = root.Object("search") is { } search && search.Flag("past_present_share_buffer"),
            CachePatterns =
            [
                Pattern(inputs, "past_key_names", "past_key_values.%d.key"),
                Pattern(inputs, "past_value_names", "past_key_values.%d.value"),
                Pattern(outputs, "present_key_names", "present.%d.key"),
                Pattern(outputs, "present_value_names", "present.%d.value"),
            ],
            Shape = ReadShape(model, decoder),
        };
    }

    private static ModelConfig ReadShape(ConfigValues model, ConfigValues decoder)
    {
        int vocabulary = model.Integer("vocab_size", 1, 1 << 20);
        int layers = decoder.Integer("num_hidden_layers", 1, 1 << 9);
        int heads = decoder.Integer("num_attention_heads", 1, 1 << 10);
        int headDim = decoder.Integer("head_size", 1, 1 << 10);
        return new ModelConfig
        {
            Architecture = model.Text("type") ?? "decoder",
            Hidden = decoder.Integer("hidden_size", 1, 1 << 16, heads * headDim),
            Layers = layers,
            Heads = heads,
            KvHeads = decoder.Integer("num_key_value_heads", 1, heads, heads),
            HeadDim = headDim,
            Intermediate = 0,
            Vocabulary = vocabulary,
            ContextLength = model.Integer("context_length", 1, 1 << 21),
            NormEpsilon = 0,
            Activation = Activation.Silu,
            Rotary = new RotaryConfig(headDim, 0),
            Windows = new int[layers],
            AttentionScale = (float)(1 / Math.Sqrt(headDim)),
            TiedEmbedding = false,
            BosTokenId = model.TokenIds("bos_token_id", vocabulary) is [int bos, ..] ? bos : null,
            EosTokenIds = model.TokenIds("eos_token_id", vocabulary),
        };
    }

    private static string Text(ConfigValues values, string name, string absent) =>
        (values.Json.ValueKind == JsonValueKind.Object ? values.Text(name) : null) ?? absent;

    private static string Pattern(ConfigValues values, string name, string absent)
    {
        string pattern = Text(values, name, absent);
        return pattern.Split("%d").Length == 2 ? pattern : throw values.Fault($"{name} is \"{pattern}\"; it needs one %d, where the layer's number stands");
    }
}
