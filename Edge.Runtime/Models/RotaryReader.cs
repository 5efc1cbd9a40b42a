using System.Text.Json;

namespace Edge.Runtime.Models;

/// <summary>Reads what <c>config.json</c> says about rotary embedding, in the older places and in the newer <c>rope_parameters</c>.</summary>
internal sealed class RotaryReader(ConfigValues config, int headDim)
{
    private const double ThetaMax = 1e12;

    /// <summary>Of layers that see everything.</summary>
    public RotaryConfig Read()
    {
        var parameters = config.Object("rope_parameters");
        if (parameters?.Object("full_attention") is { } global)
        {
            return Read(global, global);
        }

        return Read(parameters is { } p && config.Find("rope_theta") is null ? p : config, config.Object("rope_scaling") ?? parameters);
    }

    /// <summary>Of layers with a window; null where it is not another one.</summary>
    public RotaryConfig? ReadLocal()
    {
        if (config.Object("rope_parameters")?.Object("sliding_attention") is { } local)
        {
            return Read(local, local);
        }

        return config.Find("rope_local_base_freq") is null ? null : new RotaryConfig(Dim(), config.Number("rope_local_base_freq", null, 1, ThetaMax));
    }

    private RotaryConfig Read(ConfigValues place, ConfigValues? scaling)
    {
        var rotary = new RotaryConfig(Dim(), place.Number("rope_theta", 10000, 1, ThetaMax));
        if (scaling is not { } rule || (rule.Find("rope_type") ?? rule.Find("type")) is not { } type)
        {
            return rotary;
        }

        return (type.ValueKind == JsonValueKind.String ? type.GetString() : null) switch
        {
            "default" => rotary,
            "linear" => rotary with { LinearFactor = rule.Number("factor", null, 1, 1e4) },
            "llama3" => rotary with { Llama3 = ReadLlama3(rule) },
            _ => throw config.Fault($"rotary embedding is scaled by {ConfigValues.Short(type)}; Edge has \"linear\" and \"llama3\""),
        };
    }

    private static Llama3Scaling ReadLlama3(ConfigValues rule)
    {
        double low = rule.Number("low_freq_factor", null, 1e-3, 1e4);
        return new Llama3Scaling(
            rule.Number("factor", null, 1, 1e4), low, rule.Number("high_freq_factor", null, low + 1e-6, 1e5), rule.Integer("original_max_position_embeddings", 1, 1 << 21));
    }

    private int Dim()
    {
        double part = config.Number("partial_rotary_factor", 1, 1e-3, 1);
        int dim = (int)(headDim * part);

        // ONNX Runtime's attention turns eight pairs at a time.
        return dim >= 16 && dim % 16 == 0 ? dim : throw config.Fault($"partial_rotary_factor is {part}, that is {dim} dimensions of a head; use a multiple of 16");
    }
}
