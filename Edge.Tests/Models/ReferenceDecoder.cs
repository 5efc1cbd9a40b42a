using System.Text.Json.Nodes;

namespace Edge.Tests.Models;

/// <summary>
/// Six architectures in plain arithmetic, out of a Hugging Face folder: no cache, no ONNX, no code of the product. Every position is computed
/// from the start, in doubles, as the architectures' papers and published code say.
/// </summary>
internal sealed class ReferenceDecoder
{
    private readonly JsonObject _config;
    private readonly Dictionary<string, (int[] Shape, float[] Values)> _tensors;
    private readonly Func<string, float[], int, float[]> _linear;
    private readonly Func<float[], int, float[]> _lookup;
    private readonly Dictionary<string, float[]> _weights = [];
    private readonly string _architecture;
    private readonly int _hidden, _layers, _heads, _kvHeads, _dim;

    /// <param name="linear">What the linear layers compute with: (name, weights, columns) → weights.</param>
    /// <param name="lookup">What ids are looked up in: (weights, columns) → weights.</param>
    public ReferenceDecoder(string folder, Func<string, float[], int, float[]>? linear = null, Func<float[], int, float[]>? lookup = null)
    {
        _lookup = lookup ?? ((w, _) => w);
        _config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!.AsObject();
        _tensors = PlainSafetensors.Read(Path.Combine(folder, "model.safetensors"));
        _linear = linear ?? ((_, w, _) => w);
        _architecture = (string)_config["architectures"]![0]!;
        _hidden = Int("hidden_size");
        _layers = Int("num_hidden_layers");
        _heads = Int("num_attention_heads");
        _kvHeads = _config.ContainsKey("num_key_value_heads") ? Int("num_key_value_heads") : _heads;
        _dim = _config.ContainsKey("head_dim") ? Int("head_dim") : _hidden / _heads;
    }

    private bool IsGemma => _architecture == "Gemma3ForCausalLM";

    private bool IsPhi => _architecture == "PhiForCausalLM";

    /// <returns>Logits of every position: [position][token].</returns>
    public double[][] Logits(int[] tokens)
    {
        var (shape, weights) = _tensors["model.embed_tokens.weight"];
        float[] table = _lookup(weights, shape[1]);
        double[][] x = [.. tokens.Select(t => Enumerable.Range(0, shape[1]).Select(i => table[(t * shape[1]) + i] * (IsGemma ? Math.Sqrt(_hidden) : 1)).ToArray())];
        for (int layer = 0; layer < _layers; layer++)
        {
            string p = $"model.layers.{layer}.";
            double[][] h = Norm(p + "input_layernorm", x);
            double[][] attention = Attention(layer, p + "self_attn.", h);
            if (IsPhi)
            {
                x = Sum(x, Sum(attention, Mlp(p + "mlp.", h)));
                continue;
            }

            x = Sum(x, IsGemma ? Norm(p + "post_attention_layernorm", attention) : attention);
            double[][] m = Mlp(p + "mlp.", Norm(p + (IsGemma ? "pre_feedforward_layernorm" : "post_attention_layernorm"), x));
            x = Sum(x, IsGemma ? Norm(p + "post_feedforward_layernorm", m) : m);
        }

        bool tied = _config["tie_word_embeddings"] is { } tie ? (bool)tie : IsGemma;
        double[][] logits = Linear(tied ? "model.embed_tokens" : "lm_head", Norm(IsPhi ? "model.final_layernorm" : "model.norm", x), withBias: !tied);
        double cap = Number("final_logit_softcapping", 0);
        return cap > 0 ? [.. logits.Select(r => r.Select(v => cap * Math.Tanh(v / cap)).ToArray())] : logits;
    }

    private double[][] Attention(int layer, string p, double[][] x)
    {
        int window = Window(layer);
        double[][] q = Linear(p + "q_proj", x), k = Linear(p + "k_proj", x), v = Linear(p + "v_proj", x);
        if (_tensors.ContainsKey(p + "q_norm.weight"))
        {
            NormHeads(p + "q_norm", q);
            NormHeads(p + "k_norm", k);
        }

        Rotate(q, layer);
        Rotate(k, layer);
        double scale = 1 / Math.Sqrt(Number("query_pre_attn_scalar", _dim));
        double cap = Number("attn_logit_softcapping", 0);
        double[][] output = [.. x.Select(_ => new double[_heads * _dim])];
        for (int i = 0; i < x.Length; i++)
        {
            for (int head = 0; head < _heads; head++)
            {
                int kv = head * _kvHeads / _heads;
                int first = window > 0 ? Math.Max(0, i - window + 1) : 0;
                double[] scores = [.. Enumerable.Range(first, i - first + 1).Select(j => scale * Enumerable.Range(0, _dim).Sum(d => q[i][(head * _dim) + d] * k[j][(kv * _dim) + d]))];
                if (cap > 0)
                {
                    scores = [.. scores.Select(s => cap * Math.Tanh(s / cap))];
                }

                double largest = scores.Max(), sum = scores.Sum(s => Math.Exp(s - largest));
                for (int j = first; j <= i; j++)
                {
                    for (int d = 0; d < _dim; d++)
                    {
                        output[i][(head * _dim) + d] += Math.Exp(scores[j - first] - largest) / sum * v[j][(kv * _dim) + d];
                    }
                }
            }
        }

        return Linear(p + (IsPhi ? "dense" : "o_proj"), output);
    }

    private double[][] Mlp(string p, double[][] x)
    {
        if (IsPhi)
        {
            return Linear(p + "fc2", [.. Linear(p + "fc1", x).Select(r => r.Select(Gelu).ToArray())]);
        }

        double[][] gate = Linear(p + "gate_proj", x), up = Linear(p + "up_proj", x);
        return Linear(p + "down_proj", [.. gate.Zip(up, (g, u) => g.Zip(u, (a, b) => (IsGemma ? Gelu(a) : a / (1 + Math.Exp(-a))) * b).ToArray())]);
    }

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private int Window(int layer)
    {
        if (_config["layer_types"] is JsonArray types)
        {
            return (string)types[layer]! == "sliding_attention" ? Int("sliding_window") : 0;
        }

        return _architecture == "MistralForCausalLM" && _config["sliding_window"] is not null ? Int("sliding_window") : 0;
    }

    private void Rotate(double[][] x, int layer)
    {
        int turning = (int)(_dim * Number("partial_rotary_factor", 1));
        bool local = IsGemma && Window(layer) > 0;
        double theta = local ? Number("rope_local_base_freq", 10000) : Number("rope_theta", 10000);
        for (int position = 0; position < x.Length; position++)
        {
            for (int head = 0; head < x[0].Length / _dim; head++)
            {
                for (int i = 0; i < turning / 2; i++)
                {
                    double angle = position * (local ? 1 : Scaled(1)) * Frequency(Math.Pow(theta, -2.0 * i / turning));
                    ref double a = ref x[position][(head * _dim) + i];
                    ref double b = ref x[position][(head * _dim) + (turning / 2) + i];
                    (a, b) = ((a * Math.Cos(angle)) - (b * Math.Sin(angle)), (b * Math.Cos(angle)) + (a * Math.Sin(angle)));
                }
            }
        }
    }

    private double Scaled(double position) => _config["rope_scaling"] is JsonObject s && (string?)s["type"] == "linear" ? position / (double)s["factor"]! : position;

    /// <summary>Llama 3's rule as its code writes it, by wavelengths.</summary>
    private double Frequency(double frequency)
    {
        if (_config["rope_scaling"] is not JsonObject s || (string?)s["rope_type"] != "llama3")
        {
            return frequency;
        }

        double factor = (double)s["factor"]!, low = (double)s["low_freq_factor"]!, high = (double)s["high_freq_factor"]!, original = (double)s["original_max_position_embeddings"]!;
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < original / high)
        {
            return frequency;
        }

        if (wavelength > original / low)
        {
            return frequency / factor;
        }

        double smooth = ((original / wavelength) - low) / (high - low);
        return ((1 - smooth) * frequency / factor) + (smooth * frequency);
    }

    private void NormHeads(string name, double[][] x)
    {
        for (int position = 0; position < x.Length; position++)
        {
            x[position] = [.. x[position].Chunk(_dim).SelectMany(head => Norm(name, [head])[0])];
        }
    }

    private double[][] Norm(string name, double[][] x)
    {
        float[] weight = _tensors[name + ".weight"].Values;
        if (IsPhi)
        {
            float[] bias = _tensors[name + ".bias"].Values;
            return [.. x.Select(row =>
            {
                double mean = row.Average();
                double scale = 1 / Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + Number("layer_norm_eps", 1e-5));
                return row.Select((v, i) => ((v - mean) * scale * weight[i]) + bias[i]).ToArray();
            })];
        }

        return [.. x.Select(row =>
        {
            double scale = 1 / Math.Sqrt(row.Average(v => v * v) + Number("rms_norm_eps", 1e-6));
            return row.Select((v, i) => v * scale * (weight[i] + (IsGemma ? 1 : 0))).ToArray();
        })];
    }

    private double[][] Linear(string name, double[][] x, bool withBias = true)
    {
        var (shape, values) = _tensors[name + ".weight"];
        if (!_weights.TryGetValue(name, out float[]? weights))
        {
            weights = _weights[name] = _linear(name, values, shape[1]);
        }

        float[]? bias = withBias && _tensors.TryGetValue(name + ".bias", out var b) ? b.Values : null;
        return [.. x.Select(row =>
        {
            double[] output = new double[shape[0]];
            for (int o = 0; o < output.Length; o++)
            {
                output[o] = bias?[o] ?? 0;
                for (int i = 0; i < row.Length; i++)
                {
                    output[o] += row[i] * weights[(o * row.Length) + i];
                }
            }

            return output;
        })];
    }

    private int Int(string name) => (int)_config[name]!;

    private double Number(string name, double absent) => _config[name] is { } value ? (double)value : absent;

    private static double[][] Sum(double[][] a, double[][] b) => [.. a.Zip(b, (x, y) => x.Zip(y, (u, v) => u + v).ToArray())];
}
