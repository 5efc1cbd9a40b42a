using Edge.Runtime.Models.Safetensors;
using Edge.Runtime.Models.Weights;

namespace Edge.Runtime.Models.Onnx;

/// <summary>Writes attention: projections, rotary embedding, scores over the cache, output.</summary>
internal sealed class AttentionLayers(GraphBuilder graph, SafetensorsFolder source, ModelConfig config, DecoderLayout layout, LinearLayers linear, NormLayers norms)
{
    private const string Local = ".local";

    private int QueryRows => config.Heads * config.HeadDim;

    private int KvRows => config.KvHeads * config.HeadDim;

    public void AddRotaryTables(int positions)
    {
        AddRotaryTables("", config.Rotary, positions);
        if (config.LocalRotary is { } local)
        {
            AddRotaryTables(Local, local, positions);
        }
    }

    /// <summary>
    /// Puts zeros for the cached tokens before <c>branch_bias</c>, once for all layers: (1, 1, sequence, total). The caller states only what the
    /// tokens of a run may see of each other, so a plain run binds the same zeros whatever the cache's length.
    /// </summary>
    public void AddBias()
    {
        graph.Constant("ones", [1, 1]);
        string sequence = graph.Node("", "Shape", "sequence", ["input_ids"], ("start", 1), ("end", 2));
        string total = graph.Node("", "Cast", "total", ["total_sequence_length"], ("to", (int)OnnxType.Int64));
        string cached = graph.Node("", "Sub", "cached", [total, sequence]);
        string shape = graph.Node("", "Concat", "cached_bias.shape", ["ones", sequence, cached], ("axis", 0));
        string zeros = graph.Node("", "ConstantOfShape", "cached_bias", [shape]);
        graph.Node("", "Concat", "attention_bias", [zeros, "branch_bias"], ("axis", 3));
        if (layout.QueryNorm is not null)
        {
            graph.Constant("qkv.parts", [QueryRows, KvRows, KvRows]);
            graph.Constant("query.heads", [1, -1, config.Heads, config.HeadDim]);
            graph.Constant("key.heads", [1, -1, config.KvHeads, config.HeadDim]);
            graph.Constant("query.packed", [1, -1, QueryRows]);
            graph.Constant("key.packed", [1, -1, KvRows]);
        }
    }

    /// <summary>Query, key and value, one below the other.</summary>
    public MatrixRows Projections(int layer, float[]? scales = null)
    {
        int[] rows = [QueryRows, KvRows, KvRows];
        return new MatrixRows(source, [.. Weights(layer).Zip(rows, (w, r) => source.Find(w, r, config.Hidden))]) { ColumnScales = scales };
    }

    private string[] Weights(int layer) => [.. new[] { layout.Query, layout.Key, layout.Value }.Select(w => layout.InLayer(layer, w))];

    /// <param name="state">(1, tokens, hidden)</param>
    /// <param name="scales">Of the projections' columns; null for none.</param>
    /// <returns>(1, tokens, heads · head dimension), before the output projection.</returns>
    public string Add(int layer, string name, string state, float[]? scales)
    {
        int[] rows = [QueryRows, KvRows, KvRows];
        TensorEntry[] biases = config.QkvBias ? [.. Weights(layer).Zip(rows, (w, r) => source.Find(DecoderLayout.BiasOf(w), r))] : [];
        string qkv = linear.Add($"{name}.qkv", state, Projections(layer, scales), biases);
        var (query, key, value) = layout.QueryNorm is null ? (qkv, "", "") : Normalize(layer, name, qkv);
        string tables = config.Windows[layer] > 0 && config.LocalRotary is not null ? Local : "";
        List<(string, object)> attributes =
        [
            ("num_heads", config.Heads), ("kv_num_heads", config.KvHeads), ("scale", config.AttentionScale), ("do_rotary", 1), ("rotary_interleaved", 0),
        ];
        if (config.Windows[layer] > 0)
        {
            attributes.Add(("local_window_size", config.Windows[layer]));
        }

        if (config.AttentionSoftcap > 0)
        {
            attributes.Add(("softcap", config.AttentionSoftcap));
        }

        graph.Node(GraphBuilder.Microsoft, "GroupQueryAttention", $"{name}.attention",
            [query, key, value, $"past_key_values.{layer}.key", $"past_key_values.{layer}.value", "seqlens_k", "total_sequence_length", $"cos_cache{tables}", $"sin_cache{tables}", "position_ids", "attention_bias"],
            [$"{name}.attention", $"present.{layer}.key", $"present.{layer}.value"], [.. attributes]);
        return $"{name}.attention";
    }

    public string AddOutput(int layer, string name, string attention)
    {
        string tensor = layout.InLayer(layer, layout.AttentionOutput);
        return linear.Add($"{name}.attention_output", attention, new MatrixRows(source, source.Find(tensor, config.Hidden, QueryRows)),
            config.OutputBias ? [source.Find(DecoderLayout.BiasOf(tensor), config.Hidden)] : []);
    }

    /// <summary>Takes a packed projection apart and normalizes each head's query and key.</summary>
    private (string Query, string Key, string Value) Normalize(int layer, string name, string qkv)
    {
        graph.Node("", "Split", $"{name}.split", [qkv, "qkv.parts"], [$"{name}.query.raw", $"{name}.key.raw", $"{name}.value"], ("axis", 2));
        return (NormalizeHeads("query", layout.QueryNorm!), NormalizeHeads("key", layout.KeyNorm!), $"{name}.value");

        string NormalizeHeads(string part, string weight)
        {
            string heads = graph.Node("", "Reshape", $"{name}.{part}.heads", [$"{name}.{part}.raw", $"{part}.heads"]);
            string normal = norms.Add($"{name}.{part}.norm", heads, layout.InLayer(layer, weight), config.HeadDim);
            return graph.Node("", "Reshape", $"{name}.{part}", [normal, $"{part}.packed"]);
        }
    }

    private void AddRotaryTables(string suffix, RotaryConfig rotary, int positions)
    {
        foreach (var (kind, wave) in (ReadOnlySpan<(string, Func<double, double>)>)[("cos_cache", Math.Cos), ("sin_cache", Math.Sin)])
        {
            string name = kind + suffix;
            int pairs = rotary.Dim / 2;
            long at = graph.Reserve(name, OnnxType.Float, (long)positions * pairs * sizeof(float), positions, pairs);
            graph.Fill(new RotaryTable(name, rotary, positions, wave, at));
        }
    }
}
