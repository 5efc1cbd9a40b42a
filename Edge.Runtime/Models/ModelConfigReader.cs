using System.Text.Json;

namespace Edge.Runtime.Models;

/// <summary>Reads and checks <c>config.json</c>: every value in its range, every feature one that the converter writes.</summary>
internal sealed class ModelConfigReader(string path, JsonElement root)
{
    public const string FileName = "config.json";

    private const long FileBytesMax = 4L << 20;

    public static ModelConfig Read(string path) => JsonFile.Read(path, FileBytesMax, root => new ModelConfigReader(path, root).Read());

    private ModelConfig Read()
    {
        string architecture = ReadArchitecture();
        RefuseWhatIsNotHere();
        int hidden = Integer("hidden_size", 1, 1 << 16);
        int heads = Integer("num_attention_heads", 1, 1 << 10);
        int kvHeads = Integer("num_key_value_heads", 1, heads, heads);
        if (heads % kvHeads != 0)
        {
            throw Fault($"num_key_value_heads is {kvHeads}; it must divide num_attention_heads, {heads}");
        }

        int headDim = Integer("head_dim", 2, 1 << 10, hidden / heads);
        if (headDim % 2 != 0)
        {
            throw Fault($"head_dim is {headDim}; rotary embedding needs an even number");
        }

        int vocabulary = Integer("vocab_size", 1, 1 << 20);
        return new ModelConfig
        {
            Architecture = architecture,
            Hidden = hidden,
            Layers = Integer("num_hidden_layers", 1, 1 << 9),
            Heads = heads,
            KvHeads = kvHeads,
            HeadDim = headDim,
            Intermediate = Integer("intermediate_size", 1, 1 << 18),
            Vocabulary = vocabulary,
            ContextLength = Integer("max_position_embeddings", 1, 1 << 21),
            NormEpsilon = (float)Number(root, "rms_norm_eps", 1e-6, 1e-12, 1),
            RopeTheta = ReadRopeTheta(),
            TiedEmbedding = Flag("tie_word_embeddings"),
            BosTokenId = ReadTokenIds("bos_token_id", vocabulary) is [int bos, ..] ? bos : null,
            EosTokenIds = ReadTokenIds("eos_token_id", vocabulary),
        };
    }

    private string ReadArchitecture()
    {
        string? architecture = root.TryGetProperty("architectures", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            && list[0].ValueKind == JsonValueKind.String ? list[0].GetString() : null;
        if (architecture is null)
        {
            throw Fault("no \"architectures\"; copy the file again from its source");
        }

        return DecoderLayout.Known.ContainsKey(architecture)
            ? architecture
            : throw Fault($"the architecture is {architecture}; Edge converts {string.Join(", ", DecoderLayout.Known.Keys)}");
    }

    private void RefuseWhatIsNotHere()
    {
        if (Find("hidden_act") is { ValueKind: JsonValueKind.String } act && act.GetString() != "silu")
        {
            throw Fault($"hidden_act is {act.GetRawText()}; Edge converts models with \"silu\"");
        }

        foreach (string bias in (ReadOnlySpan<string>)["attention_bias", "mlp_bias"])
        {
            if (Flag(bias))
            {
                throw Fault($"{bias} is true; Edge converts models without biases");
            }
        }

        if (Find("quantization_config") is not null)
        {
            throw Fault("the weights are quantized already (quantization_config); convert the original fp16, bf16 or fp32 weights");
        }

        foreach (string rope in (ReadOnlySpan<string>)["rope_scaling", "rope_parameters"])
        {
            if (Find(rope) is { ValueKind: JsonValueKind.Object } scaling
                && (scaling.TryGetProperty("rope_type", out var type) || scaling.TryGetProperty("type", out type))
                && !(type.ValueKind == JsonValueKind.String && type.GetString() == "default"))
            {
                throw Fault($"{rope} is of type {type.GetRawText()}; Edge converts models with plain rotary embedding");
            }
        }
    }

    /// <summary>At the root, or in the newer <c>rope_parameters</c>.</summary>
    private double ReadRopeTheta()
    {
        var place = Find("rope_theta") is null && Find("rope_parameters") is { ValueKind: JsonValueKind.Object } parameters ? parameters : root;
        return Number(place, "rope_theta", 10000, 1, 1e12);
    }

    /// <summary>One id, a list of ids, or none.</summary>
    private int[] ReadTokenIds(string name, int vocabulary)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        int[] ids = new int[items.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            if (items[i].ValueKind != JsonValueKind.Number || !items[i].TryGetInt32(out ids[i]) || ids[i] < 0 || ids[i] >= vocabulary)
            {
                throw Fault($"{name} is {items[i].GetRawText()}; use a token id from 0 to {vocabulary - 1}");
            }
        }

        return ids;
    }

    private int Integer(string name, int min, int max, int? absent = null)
    {
        if (Find(name) is not { } value)
        {
            return absent ?? throw Fault($"no \"{name}\"; copy the file again from its source");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max
            ? number
            : throw Fault($"{name} is {value.GetRawText()}; use a whole number from {min} to {max}");
    }

    private double Number(JsonElement place, string name, double absent, double min, double max)
    {
        if (!place.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return absent;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= min && number <= max
            ? number
            : throw Fault($"{name} is {value.GetRawText()}; use a number from {min} to {max}");
    }

    private bool Flag(string name) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { } value => throw Fault($"{name} is {value.GetRawText()}; use true or false"),
    };

    private JsonElement? Find(string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private ModelException Fault(string what) => new($"{path}: {what}.");
}
