using Edge.Runtime.Models.Calibration;
using Edge.Runtime.Models.Quantization;
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
    private readonly Dictionary<string, float[]?> _scales = new(StringComparer.Ordinal);

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
        FindScales();
        string residual = AddEmbedding();
        string state = _norms.Add("layer.0.attention_norm", residual, _layout.InLayer(0, _layout.AttentionNorm));
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            (state, residual) = AddLayer(layer, state, residual);
        }

        AddHead(state);
    }

    /// <summary>Works out what calibration makes of every group of projections that read the same, before the norms are written that share in it.</summary>
    private void FindScales()
    {
        for (int layer = 0; _options.Calibration is not null && layer < _config.Layers; layer++)
        {
            string name = $"layer.{layer}";
            List<(string, MatrixRows)> attention = [($"{name}.qkv", _attention.Projections(layer))];
            List<(string, MatrixRows)> mlp = [($"{name}.up", Up(layer)), .. _layout.Gate is null ? [] : new[] { ($"{name}.gate", Gate(layer)) }];
            if (_layout.MlpNorm is null)
            {
                FindScales($"{name}.attention_norm", [.. attention, .. mlp]);
            }
            else
            {
                FindScales($"{name}.attention_norm", attention);
                FindScales($"{name}.mlp_norm", mlp);
            }

            if (_layout.Gate is not null)
            {
                // What the gate lets through grows with the upper projection alone, whose rows can take the divisors.
                FindScales($"{name}.gated", [($"{name}.down", Down(layer))]);
            }
        }

        FindScales("final_norm", [("logits", Head())]);
    }

    private void FindScales(string group, List<(string Name, MatrixRows Rows)> members)
    {
        if (_options.Calibration?.Groups.GetValueOrDefault(group) is { } statistics
            && ChannelScales.Find(statistics, [.. members.Select(m => (m.Rows, Quantizer: _linear.QuantizerOf(m.Name))).Where(m => m.Quantizer is not null).Select(m => (m.Rows, m.Quantizer!))]) is { } scales)
        {
            _scales[group] = scales;
            _norms.Divisors[group] = scales;
        }
    }

    private float[]? Scales(string group) => _scales.GetValueOrDefault(group);

    /// <summary>Gives out what calibration wants to know of a group's input.</summary>
    private void Observe(string group, string input, int width)
    {
        if (!_options.Observed)
        {
            return;
        }

        string magnitude = _graph.Node("", "Abs", $"{group}.magnitude", [input]);
        string square = _graph.Node("", "Mul", $"{group}.square", [input, input]);
        foreach (var (value, output) in (ReadOnlySpan<(string, string)>)[(magnitude, ActivationStatistics.MagnitudesOf(group)), (square, ActivationStatistics.SquaresOf(group))])
        {
            _graph.Node("", "ReduceMean", output, [value, "observed.axes"], ("keepdims", 0));
            _graph.Output(output, OnnxType.Float, width);
        }
    }

    private void DeclareInputs()
    {
        if (_options.Observed)
        {
            _graph.Constant("observed.axes", [0, 1]);
        }

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

    /// <summary>
    /// Looks the ids up. The table stays at 16 bits unless it is asked for otherwise: a lookup reads one row, so small weights gain no speed here,
    /// only size.
    /// </summary>
    private string AddEmbedding()
    {
        var rows = new MatrixRows(_source, _source.Find(_layout.Embedding, _config.Vocabulary, _config.Hidden));
        string name = _layout.ScaledEmbedding ? "embedding.unscaled" : "embedding";
        int bits = _options.Overrides.LastOrDefault(o => o.Matches("embedding"))?.Bits ?? Math.Max(_options.Bits, 16);
        if (bits <= 8)
        {
            AddQuantizedLookup(name, rows, bits);
        }
        else
        {
            AddLookup(name, rows, bits == 32 ? rows.Type : Elements.Narrowest(rows.Type));
        }

        if (!_layout.ScaledEmbedding)
        {
            return name;
        }

        _graph.Constant("embedding.scale", (float)Math.Sqrt(_config.Hidden));
        return _graph.Node("", "Mul", "embedding", [name, "embedding.scale"]);
    }

    private void AddLookup(string name, MatrixRows rows, ElementType stored)
    {
        long at = _graph.Reserve("embedding.weight", OnnxTypes.Of(stored), (long)rows.Rows * rows.Columns * Elements.Size(stored), _config.Vocabulary, _config.Hidden);
        _graph.Fill(new RowMajorMatrix(rows, stored, at));
        if (stored == ElementType.F32)
        {
            _graph.Node("", "Gather", name, ["embedding.weight", "input_ids"], ("axis", 0));
            return;
        }

        string narrow = _graph.Node("", "Gather", "embedding.narrow", ["embedding.weight", "input_ids"], ("axis", 0));
        _graph.Node("", "Cast", name, [narrow], ("to", (int)OnnxType.Float));
    }

    private void AddQuantizedLookup(string name, MatrixRows rows, int bits)
    {
        if (rows.Columns % _options.Block != 0)
        {
            throw new ModelException($"The embedding has rows of {rows.Columns} weights, no multiple of the block of {_options.Block}; leave its bits at 16 or choose another --block.");
        }

        var quantizer = new BlockQuantizer(bits, _options.Block);
        int blocks = quantizer.BlocksInRow(rows.Columns), bytes = rows.Columns * bits / 8;
        long quantsAt = _graph.Reserve("embedding.quants", OnnxType.UInt8, (long)rows.Rows * bytes, rows.Rows, bytes);
        var (scales, stored) = _linear.AddScales("embedding", rows.Rows, blocks);
        _graph.Fill(new QuantizedMatrix(rows, quantizer, quantsAt, stored, -1));
        _graph.Node(GraphBuilder.Microsoft, "GatherBlockQuantized", name, ["embedding.quants", "input_ids", scales],
            ("gather_axis", 0), ("quantize_axis", 1), ("block_size", quantizer.Block), ("bits", bits));
    }

    /// <param name="state">The normalized residual stream, (1, tokens, hidden).</param>
    /// <param name="residual">The stream itself, (1, tokens, hidden).</param>
    /// <returns>Both, for the next layer; after the last layer only at the rows whose logits are wanted.</returns>
    private (string State, string Residual) AddLayer(int layer, string state, string residual)
    {
        string name = $"layer.{layer}";
        string mlpGroup = _layout.MlpNorm is null ? $"{name}.attention_norm" : $"{name}.mlp_norm";
        Observe($"{name}.attention_norm", state, _config.Hidden);
        string attention = _attention.Add(layer, name, state, Scales($"{name}.attention_norm"));
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
            Observe($"{name}.mlp_norm", state, _config.Hidden);
            change = AddMlp(layer, name, state, mlpGroup);
        }
        else
        {
            change = _graph.Node("", "Add", $"{name}.change", [change, AddMlp(layer, name, state, mlpGroup)]);
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

    private MatrixRows Up(int layer, float[]? scales = null, float[]? divisors = null) =>
        new(_source, _source.Find(_layout.InLayer(layer, _layout.Up), _config.Intermediate, _config.Hidden)) { ColumnScales = scales, RowDivisors = divisors };

    private MatrixRows Gate(int layer, float[]? scales = null) =>
        new(_source, _source.Find(_layout.InLayer(layer, _layout.Gate!), _config.Intermediate, _config.Hidden)) { ColumnScales = scales };

    private MatrixRows Down(int layer, float[]? scales = null) =>
        new(_source, _source.Find(_layout.InLayer(layer, _layout.Down), _config.Hidden, _config.Intermediate)) { ColumnScales = scales };

    /// <param name="group">What calibration calls the state.</param>
    private string AddMlp(int layer, string name, string state, string group)
    {
        string gated = $"{name}.gated";
        string? gate = _layout.Gate is { } weight ? AddLinear(layer, $"{name}.gate", state, weight, Gate(layer, Scales(group))) : null;
        string up = AddLinear(layer, $"{name}.up", state, _layout.Up, Up(layer, Scales(group), Scales(gated)));
        string inner;
        if (gate is not null)
        {
            inner = _graph.Node("", "Mul", gated, [Activate(name, gate), up]);
            Observe(gated, inner, _config.Intermediate);
        }
        else
        {
            inner = Activate(name, up);
        }

        return AddLinear(layer, $"{name}.down", inner, _layout.Down, Down(layer, Scales(gated)));
    }

    private string Activate(string name, string input) => _config.Activation == Activation.Silu

        // With a factor of 1 this is x · sigmoid(x), SiLU, in one pass.
        ? _graph.Node(GraphBuilder.Microsoft, "QuickGelu", $"{name}.silu", [input], ("alpha", 1f))
        : _graph.Node(GraphBuilder.Microsoft, "FastGelu", $"{name}.gelu", [input]);

    private string AddLinear(int layer, string name, string input, string weight, MatrixRows rows) => _linear.Add(
        name, input, rows, _config.MlpBias ? [_source.Find(DecoderLayout.BiasOf(_layout.InLayer(layer, weight)), rows.Rows)] : []);

    /// <summary>A tied projection is quantized apart from the lookup, which keeps its precision.</summary>
    private MatrixRows Head(float[]? scales = null) => new(
        _source,
        _source.Find(_config.TiedEmbedding && !_source.IsReplaced(_layout.Head) ? _layout.Embedding : _layout.Head, _config.Vocabulary, _config.Hidden))
    { ColumnScales = scales };

    private void AddHead(string state)
    {
        Observe("final_norm", state, _config.Hidden);
        string name = _config.LogitSoftcap > 0 ? "logits.uncapped" : "logits";
        _linear.Add(name, state, Head(Scales("final_norm")),
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
