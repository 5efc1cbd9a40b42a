using System.Text.Json;

namespace Edge.Runtime.Models.Lora;

/// <summary>What <c>adapter_config.json</c> says: how strong the changes are.</summary>
internal sealed record LoraConfig(string Path, double Alpha, IReadOnlyDictionary<string, double> AlphaOf, bool RankStabilized)
{
    private const long FileBytesMax = 4L << 20;

    public static LoraConfig Read(string folder)
    {
        string path = System.IO.Path.Combine(folder, "adapter_config.json");
        return JsonFile.Read(path, FileBytesMax, root => Read(new ConfigValues(path, root)));
    }

    /// <summary>alpha / r, or alpha / √r. Source: Kalajdzievski 2023, rsLoRA.</summary>
    /// <param name="module">As the model names it, for example <c>model.layers.0.self_attn.q_proj</c>.</param>
    public float ScaleOf(string module, int rank)
    {
        double alpha = Alpha;
        foreach (var (pattern, value) in AlphaOf)
        {
            alpha = module == pattern || module.EndsWith("." + pattern, StringComparison.Ordinal) ? value : alpha;
        }

        return (float)(alpha / (RankStabilized ? Math.Sqrt(rank) : rank));
    }

    private static LoraConfig Read(ConfigValues config)
    {
        if (config.Text("peft_type") is { } type && type != "LORA")
        {
            throw config.Fault($"peft_type is {type}; Edge merges LORA");
        }

        foreach (string name in (ReadOnlySpan<string>)["use_dora", "fan_in_fan_out", "lora_bias"])
        {
            if (config.Flag(name))
            {
                throw config.Fault($"{name} is true; Edge merges adapters without it");
            }
        }

        if (config.Text("bias") is { } bias && bias != "none")
        {
            throw config.Fault($"bias is {bias}; Edge merges adapters with \"none\"");
        }

        var alphas = new Dictionary<string, double>(StringComparer.Ordinal);
        if (config.Object("alpha_pattern") is { } patterns)
        {
            foreach (JsonProperty pattern in patterns.Json.EnumerateObject())
            {
                alphas[pattern.Name] = patterns.Number(pattern.Name, null, 0, 1e6);
            }
        }

        return new LoraConfig(config.Path, config.Number("lora_alpha", null, 0, 1e6), alphas, config.Flag("use_rslora"));
    }
}
