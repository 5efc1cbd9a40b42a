using Edge.Runtime.Models.Safetensors;
using Edge.Runtime.Models.Weights;

namespace Edge.Runtime.Models.Onnx;

/// <summary>
/// A decoder of the Llama family as an ONNX graph. Inputs: <c>input_ids</c> int64 (1, sequence), <c>logits_at</c> int64
/// (rows), <c>seqlens_k</c> int32 (1), <c>total_sequence_length</c> int32 (1), <c>position_ids</c> int64 (1, sequence),
/// <c>branch_bias</c> float (1, 1, sequence, sequence), <c>past_key_values.N.key|value</c> float (1, KV heads, past, head dimension). Outputs: <c>logits</c> float (1, rows, vocabulary), <c>present.N.key|value</c>.
/// Past and present may be one buffer of full length.
/// </summary>
internal sealed class DecoderGraph
{
    private readonly GraphBuilder _graph;
    private readonly LinearLayers _linear;
    private readonly SafetensorsFolder _source;
    private readonly ModelConfig _config;
    private readonly DecoderLayout _layout;
    private readonly ConvertOptions _options;

    public DecoderGraph(GraphBuilder graph, SafetensorsFolder source, ModelConfig config, ConvertOptions options)
    {
        _graph = graph;
        _linear = new LinearLayers(graph, options);
        _source = source;
        _config = config;
        _layout = DecoderLayout.Known[config.Architecture];
        _options = options;
    }

    public void Build()
    {
        DeclareInputs();
        AddRotaryTables();
        AddAttentionBias();
        string residual = AddEmbedding();
        string state = AddFirstNorm(residual);
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            (state, residual) = AddLayer(layer, state, residual);
        }

        AddHead(state);
    }

    private void DeclareInputs()
    {
        _graph.Input("input_ids", OnnxType.Int64, 1, "sequence");
        _graph.Input("logits_at", OnnxType.Int64, "rows");
        _graph.Input("seqlens_k", OnnxType.Int32, 1);
        _graph.Input("total_sequence_length", OnnxType.Int32, 1);
        _graph.Input("position_ids", OnnxType.Int64, 1, "sequence");
        _graph.Input("branch_bias", OnnxType.Float, 1, 1, "sequence", "sequence");
        _graph.Output("logits", OnnxType.Float, 1, "rows", _config.Vocabulary);
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            foreach (string part in (ReadOnlySpan<string>)["key", "value"])
            {
                _graph.Input($"past_key_values.{layer}.{part}", OnnxType.Float, 1, _config.KvHeads, "past", _config.HeadDim);
                _graph.Output($"present.{layer}.{part}", OnnxType.Float, 1, _config.KvHeads, "total", _config.HeadDim);
            }
        }
    }

    private void AddRotaryTables()
    {
        int positions = _options.ContextLength ?? _config.ContextLength;
        foreach (var (name, wave) in (ReadOnlySpan<(string, Func<double, double>)>)[("cos_cache", Math.Cos), ("sin_cache", Math.Sin)])
        {
            int pairs = _config.HeadDim / 2;
            long at = _graph.Reserve(name, OnnxType.Float, (long)positions * pairs * sizeof(float), positions, pairs);
            _graph.Fill(new RotaryTable(name, _config, positions, wave, at));
        }
    }

    /// <summary>
    /// Puts zeros for the cached tokens before <c>branch_bias</c>, once for all layers: (1, 1, sequence, total). The caller states only what the
    /// tokens of a run may see of each other, so a plain run binds the same zeros whatever the cache's length.
    /// </summary>
    private void AddAttentionBias()
    {
        _graph.Constant("ones", [1, 1]);
        string sequence = _graph.Node("", "Shape", "sequence", ["input_ids"], ("start", 1), ("end", 2));
        string total = _graph.Node("", "Cast", "total", ["total_sequence_length"], ("to", (int)OnnxType.Int64));
        string cached = _graph.Node("", "Sub", "cached", [total, sequence]);
        string shape = _graph.Node("", "Concat", "cached_bias.shape", ["ones", sequence, cached], ("axis", 0));
        string zeros = _graph.Node("", "ConstantOfShape", "cached_bias", [shape]);
        _graph.Node("", "Concat", "attention_bias", [zeros, "branch_bias"], ("axis", 3));
    }

    /// <summary>Looks the ids up. The table stays at 16 bits: a lookup reads one row, so small weights gain no speed here.</summary>
    private string AddEmbedding()
    {
        var rows = new MatrixRows(_source, _source.Find(_layout.Embedding, _config.Vocabulary, _config.Hidden));
        var stored = _options.Bits == 32 ? rows.Type : Elements.Narrowest(rows.Type);
        AddRowMajor("embedding.weight", rows, stored, _config.Vocabulary, _config.Hidden);
        if (stored == ElementType.F32)
        {
            return _graph.Node("", "Gather", "embedding", ["embedding.weight", "input_ids"], ("axis", 0));
        }

        string narrow = _graph.Node("", "Gather", "embedding.narrow", ["embedding.weight", "input_ids"], ("axis", 0));
        return _graph.Node("", "Cast", "embedding", [narrow], ("to", (int)OnnxType.Float));
    }

    private string AddFirstNorm(string residual)
    {
        string weight = AddNormWeight("layer.0.attention_norm", _layout.InLayer(0, _layout.AttentionNorm));
        return _graph.Node("", "SimplifiedLayerNormalization", "layer.0.attention_norm", [residual, weight],
            ("axis", -1), ("epsilon", _config.NormEpsilon), ("stash_type", 1));
    }

    /// <param name="state">The normalized residual stream, (1, tokens, hidden).</param>
    /// <param name="residual">The stream itself, (1, tokens, hidden).</param>
    /// <returns>Both, for the next layer; after the last layer only at the rows whose logits are wanted.</returns>
    private (string State, string Residual) AddLayer(int layer, string state, string residual)
    {
        string name = $"layer.{layer}";
        string attention = AddAttention(layer, name, state);
        bool last = layer == _config.Layers - 1;
        if (last)
        {
            // Nothing reads the other rows after the last attention: prefill is spared one MLP out of all layers'.
            attention = _graph.Node("", "Gather", $"{name}.attention.wanted", [attention, "logits_at"], ("axis", 1));
            residual = _graph.Node("", "Gather", $"{name}.residual.wanted", [residual, "logits_at"], ("axis", 1));
        }

        string output = _linear.Add($"{name}.attention_output", attention, Matrix(layer, _layout.AttentionOutput, _config.Hidden, _config.Heads * _config.HeadDim));
        (state, residual) = AddSkipNorm($"{name}.mlp_norm", residual, output, _layout.InLayer(layer, _layout.MlpNorm));
        string mlp = AddMlp(layer, name, state);
        return last
            ? AddSkipNorm("final_norm", residual, mlp, _layout.FinalNorm)
            : AddSkipNorm($"layer.{layer + 1}.attention_norm", residual, mlp, _layout.InLayer(layer + 1, _layout.AttentionNorm));
    }

    private string AddAttention(int layer, string name, string state)
    {
        int hidden = _config.Hidden;
        int queryRows = _config.Heads * _config.HeadDim;
        int kvRows = _config.KvHeads * _config.HeadDim;
        string qkv = _linear.Add($"{name}.qkv", state, new MatrixRows(_source,
            Tensor(layer, _layout.Query, queryRows, hidden), Tensor(layer, _layout.Key, kvRows, hidden), Tensor(layer, _layout.Value, kvRows, hidden)));
        _graph.Node(GraphBuilder.Microsoft, "GroupQueryAttention", $"{name}.attention",
            [qkv, "", "", $"past_key_values.{layer}.key", $"past_key_values.{layer}.value", "seqlens_k", "total_sequence_length", "cos_cache", "sin_cache", "position_ids", "attention_bias"],
            [$"{name}.attention", $"present.{layer}.key", $"present.{layer}.value"],
            ("num_heads", _config.Heads), ("kv_num_heads", _config.KvHeads), ("scale", 1 / MathF.Sqrt(_config.HeadDim)), ("do_rotary", 1), ("rotary_interleaved", 0));
        return $"{name}.attention";
    }

    private string AddMlp(int layer, string name, string state)
    {
        string gate = _linear.Add($"{name}.gate", state, Matrix(layer, _layout.Gate, _config.Intermediate, _config.Hidden));
        string up = _linear.Add($"{name}.up", state, Matrix(layer, _layout.Up, _config.Intermediate, _config.Hidden));

        // With a factor of 1 this is x · sigmoid(x), SiLU, in one pass.
        string activated = _graph.Node(GraphBuilder.Microsoft, "QuickGelu", $"{name}.silu", [gate], ("alpha", 1f));
        string gated = _graph.Node("", "Mul", $"{name}.gated", [activated, up]);
        return _linear.Add($"{name}.down", gated, Matrix(layer, _layout.Down, _config.Hidden, _config.Intermediate));
    }

    /// <summary>Adds <paramref name="change"/> to the residual stream and normalizes the sum.</summary>
    private (string State, string Residual) AddSkipNorm(string name, string residual, string change, string tensor)
    {
        string weight = AddNormWeight(name, tensor);
        string sum = $"{name}.sum";
        _graph.Node(GraphBuilder.Microsoft, "SkipSimplifiedLayerNormalization", name, [residual, change, weight], [name, "", "", sum], ("epsilon", _config.NormEpsilon));
        return (name, sum);
    }

    private void AddHead(string state)
    {
        // A tied projection is quantized apart from the lookup, which keeps its precision.
        string tensor = _config.TiedEmbedding ? _layout.Embedding : _layout.Head;
        _linear.Add("logits", state, new MatrixRows(_source, _source.Find(tensor, _config.Vocabulary, _config.Hidden)));
    }

    private string AddNormWeight(string name, string tensor)
    {
        AddRowMajor($"{name}.weight", new MatrixRows(_source, _source.Find(tensor, _config.Hidden)), ElementType.F32, _config.Hidden);
        return $"{name}.weight";
    }

    private void AddRowMajor(string name, MatrixRows rows, ElementType stored, params ReadOnlySpan<long> dimensions) =>
        _graph.Fill(new RowMajorMatrix(rows, stored, _graph.Reserve(name, OnnxTypes.Of(stored), (long)rows.Rows * rows.Columns * Elements.Size(stored), dimensions)));

    private MatrixRows Matrix(int layer, string weight, int rows, int columns) => new(_source, Tensor(layer, weight, rows, columns));

    private TensorEntry Tensor(int layer, string weight, int rows, int columns) => _source.Find(_layout.InLayer(layer, weight), rows, columns);
}
