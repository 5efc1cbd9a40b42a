using Edge.Runtime.Models.Safetensors;
using Edge.Runtime.Models.Weights;

namespace Edge.Runtime.Models.Onnx;

/// <summary>
/// A decoder as an ONNX graph. Inputs: <c>input_ids</c> int64 (1, sequence), <c>logits_at</c> int64 (rows), <c>seqlens_k</c> int32 (1),
/// <c>total_sequence_length</c> int32 (1), <c>position_ids</c> int64 (1, sequence), <c>branch_bias</c> float (1, 1, sequence, sequence),
/// <c>past_key_values.N.key|value</c> float (1, KV heads, past, head dimension). Outputs: <c>logits</c> float (1, rows, vocabulary),
/// <c>present.N.key|value</c>. Past and present may be one buffer of full length.
/// </summary>
internal sealed class DecoderGraph
{
    private readonly GraphBuilder _graph;
    private readonly SafetensorsFolder _source;
    private readonly ModelConfig _config;
    private readonly DecoderLayout _layout;
    private readonly ConvertOptions _options;
    private readonly NormLayers _norms;
    private readonly LinearLayers _linear;
    private readonly AttentionLayers _attention;

    public DecoderGraph(GraphBuilder graph, SafetensorsFolder source, ModelConfig config, ConvertOptions options)
    {
        _graph = graph;
        _source = source;
        _config = config;
        _layout = DecoderLayout.Known[config.Architecture];
        _options = options;
        _norms = new NormLayers(graph, source, config, _layout);
        _linear = new LinearLayers(graph, source, options);
        _attention = new AttentionLayers(graph, source, config, _layout, _linear, _norms);
    }

    public void Build()
    {
        DeclareInputs();
        _attention.AddRotaryTables(_options.ContextLength ?? _config.ContextLength);
        _attention.AddBias();
        string residual = AddEmbedding();
        string state = _norms.Add("layer.0.attention_norm", residual, _layout.InLayer(0, _layout.AttentionNorm));
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

    /// <summary>Looks the ids up. The table stays at 16 bits: a lookup reads one row, so small weights gain no speed here.</summary>
    private string AddEmbedding()
    {
        var rows = new MatrixRows(_source, _source.Find(_layout.Embedding, _config.Vocabulary, _config.Hidden));
        var stored = _options.Bits == 32 ? rows.Type : Elements.Narrowest(rows.Type);
        long at = _graph.Reserve("embedding.weight", OnnxTypes.Of(stored), (long)rows.Rows * rows.Columns * Elements.Size(stored), _config.Vocabulary, _config.Hidden);
        _graph.Fill(new RowMajorMatrix(rows, stored, at));
        string name = _layout.ScaledEmbedding ? "embedding.unscaled" : "embedding";
        if (stored == ElementType.F32)
        {
            _graph.Node("", "Gather", name, ["embedding.weight", "input_ids"], ("axis", 0));
        }
        else
        {
            string narrow = _graph.Node("", "Gather", "embedding.narrow", ["embedding.weight", "input_ids"], ("axis", 0));
            _graph.Node("", "Cast", name, [narrow], ("to", (int)OnnxType.Float));
        }

        if (!_layout.ScaledEmbedding)
        {
            return name;
        }

        _graph.Constant("embedding.scale", (float)Math.Sqrt(_config.Hidden));
        return _graph.Node("", "Mul", "embedding", [name, "embedding.scale"]);
    }

    /// <param name="state">The normalized residual stream, (1, tokens, hidden).</param>
    /// <param name="residual">The stream itself, (1, tokens, hidden).</param>
    /// <returns>Both, for the next layer; after the last layer only at the rows whose logits are wanted.</returns>
    private (string State, string Residual) AddLayer(int layer, string state, string residual)
    {
        string name = $"layer.{layer}";
        string attention = _attention.Add(layer, name, state);
        bool last = layer == _config.Layers - 1;
        if (last)
        {
            // Nothing reads the other rows after the last attention: prefill is spared one MLP out of all layers'.
            attention = Wanted($"{name}.attention", attention);
            residual = Wanted($"{name}.residual", residual);
            state = _layout.MlpNorm is null ? Wanted($"{name}.state", state) : state;
        }

        string change = _attention.AddOutput(layer, name, attention);
        if (_layout.AttentionPostNorm is { } afterAttention)
        {
            change = _norms.Add($"{name}.attention_post_norm", change, _layout.InLayer(layer, afterAttention));
        }

        if (_layout.MlpNorm is { } norm)
        {
            (state, residual) = _norms.AddSkip($"{name}.mlp_norm", residual, change, _layout.InLayer(layer, norm));
            change = AddMlp(layer, name, state);
        }
        else
        {
            change = _graph.Node("", "Add", $"{name}.change", [change, AddMlp(layer, name, state)]);
        }

        if (_layout.MlpPostNorm is { } afterMlp)
        {
            change = _norms.Add($"{name}.mlp_post_norm", change, _layout.InLayer(layer, afterMlp));
        }

        return last
            ? _norms.AddSkip("final_norm", residual, change, _layout.FinalNorm)
            : _norms.AddSkip($"layer.{layer + 1}.attention_norm", residual, change, _layout.InLayer(layer + 1, _layout.AttentionNorm));
    }

    private string Wanted(string name, string rows) => _graph.Node("", "Gather", $"{name}.wanted", [rows, "logits_at"], ("axis", 1));

    private string AddMlp(int layer, string name, string state)
    {
        string up(string input) => AddLinear(layer, $"{name}.up", input, _layout.Up, _config.Intermediate, _config.Hidden);
        string inner;
        if (_layout.Gate is { } weight)
        {
            string gate = AddLinear(layer, $"{name}.gate", state, weight, _config.Intermediate, _config.Hidden);
            string plain = up(state);
            inner = _graph.Node("", "Mul", $"{name}.gated", [Activate(name, gate), plain]);
        }
        else
        {
            inner = Activate(name, up(state));
        }

        return AddLinear(layer, $"{name}.down", inner, _layout.Down, _config.Hidden, _config.Intermediate);
    }

    private string Activate(string name, string input) => _config.Activation == Activation.Silu

        // With a factor of 1 this is x · sigmoid(x), SiLU, in one pass.
        ? _graph.Node(GraphBuilder.Microsoft, "QuickGelu", $"{name}.silu", [input], ("alpha", 1f))
        : _graph.Node(GraphBuilder.Microsoft, "FastGelu", $"{name}.gelu", [input]);

    private string AddLinear(int layer, string name, string input, string weight, int rows, int columns)
    {
        string tensor = _layout.InLayer(layer, weight);
        return _linear.Add(name, input, new MatrixRows(_source, _source.Find(tensor, rows, columns)),
            _config.MlpBias ? [_source.Find(DecoderLayout.BiasOf(tensor), rows)] : []);
    }

    private void AddHead(string state)
    {
        // A tied projection is quantized apart from the lookup, which keeps its precision.
        string tensor = _config.TiedEmbedding && !_source.IsReplaced(_layout.Head) ? _layout.Embedding : _layout.Head;
        string name = _config.LogitSoftcap > 0 ? "logits.uncapped" : "logits";
        _linear.Add(name, state, new MatrixRows(_source, _source.Find(tensor, _config.Vocabulary, _config.Hidden)),
            _layout.AllBiases ? [_source.Find(DecoderLayout.BiasOf(_layout.Head), _config.Vocabulary)] : []);
        if (_config.LogitSoftcap > 0)
        {
            _graph.Constant("logits.cap", _config.LogitSoftcap);
            string part = _graph.Node("", "Div", "logits.part", [name, "logits.cap"]);
            string bent = _graph.Node("", "Tanh", "logits.bent", [part]);
            _graph.Node("", "Mul", "logits", [bent, "logits.cap"]);
        }
    }
}
