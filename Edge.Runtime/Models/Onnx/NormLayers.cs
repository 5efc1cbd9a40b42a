using Edge.Runtime.Models.Safetensors;
using Edge.Runtime.Models.Weights;

namespace Edge.Runtime.Models.Onnx;

/// <summary>Writes normalizations: RMSNorm, or LayerNorm with its bias, alone or together with the sum before it.</summary>
internal sealed class NormLayers(GraphBuilder graph, SafetensorsFolder source, ModelConfig config, DecoderLayout layout)
{
    /// <summary>Divisors of a norm's output, by its name.</summary>
    public Dictionary<string, float[]> Divisors { get; } = new(StringComparer.Ordinal);

    /// <param name="name">Of the node and its output.</param>
    /// <param name="input">(…, width)</param>
    /// <param name="tensor">The weight, (width).</param>
    /// <param name="width">The residual stream's where not given.</param>
    public string Add(string name, string input, string tensor, int? width = null)
    {
        float[]? divisors = Divisors.GetValueOrDefault(name);
        string weight = AddVector($"{name}.weight", tensor, layout.NormOffset, width ?? config.Hidden, divisors);
        return layout.LayerNorm
            ? graph.Node("", "LayerNormalization", name, [input, weight, AddVector($"{name}.bias", DecoderLayout.BiasOf(tensor), 0, config.Hidden, divisors)],
                ("axis", -1), ("epsilon", config.NormEpsilon), ("stash_type", 1))
            : graph.Node("", "SimplifiedLayerNormalization", name, [input, weight], ("axis", -1), ("epsilon", config.NormEpsilon), ("stash_type", 1));
    }

    /// <summary>Adds <paramref name="change"/> to the residual stream and normalizes the sum.</summary>
    public (string State, string Residual) AddSkip(string name, string residual, string change, string tensor)
    {
        float[]? divisors = Divisors.GetValueOrDefault(name);
        string weight = AddVector($"{name}.weight", tensor, layout.NormOffset, config.Hidden, divisors);
        string sum = $"{name}.sum";
        if (layout.LayerNorm)
        {
            string bias = AddVector($"{name}.bias", DecoderLayout.BiasOf(tensor), 0, config.Hidden, divisors);
            graph.Node(GraphBuilder.Microsoft, "SkipLayerNormalization", name, [residual, change, weight, bias], [name, "", "", sum], ("epsilon", config.NormEpsilon));
        }
        else
        {
            graph.Node(GraphBuilder.Microsoft, "SkipSimplifiedLayerNormalization", name, [residual, change, weight], [name, "", "", sum], ("epsilon", config.NormEpsilon));
        }

        return (name, sum);
    }

    private string AddVector(string name, string tensor, float offset, int width, float[]? divisors)
    {
        var entry = source.Find(tensor, width);
        graph.Fill(new VectorParts(source, [entry], offset, graph.Reserve(name, OnnxType.Float, (long)width * sizeof(float), width), divisors));
        return name;
    }
}
