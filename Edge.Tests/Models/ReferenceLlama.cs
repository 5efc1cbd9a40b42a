namespace Edge.Tests.Models;

/// <summary>
/// A Llama in plain arithmetic: no cache, no ONNX, no code of the product. Every position is computed from the start, as in
/// the papers (RMSNorm, rotary embedding on half-split pairs, grouped-query attention, SwiGLU).
/// </summary>
internal sealed class ReferenceLlama(RandomLlama model, Func<string, float[], int, float[]> linear)
{
    private readonly Dictionary<string, float[]> _linear = [];

    /// <param name="linear">What the linear layers compute with: (name, weights, columns) → weights.</param>
    public static ReferenceLlama With(RandomLlama model, Func<float[], int, float[]> linear) => new(model, (_, w, columns) => linear(w, columns));

    public static ReferenceLlama Exact(RandomLlama model) => new(model, (_, w, _) => w);

    /// <returns>Logits of every position: [position][token].</returns>
    public double[][] Logits(int[] tokens)
    {
        float[] embedding = model.Tensors["model.embed_tokens.weight"].Values;
        double[][] x = [.. tokens.Select(t => embedding.AsSpan(t * model.Hidden, model.Hidden).ToArray().Select(v => (double)v).ToArray())];
        for (int layer = 0; layer < model.Layers; layer++)
        {
            string p = $"model.layers.{layer}.";
            AddTo(x, Attention(p, Norm(p + "input_layernorm.weight", x)));
            AddTo(x, Mlp(p, Norm(p + "post_attention_layernorm.weight", x)));
        }

        string head = model.Tied ? "model.embed_tokens.weight" : "lm_head.weight";
        return Linear(head, Norm("model.norm.weight", x));
    }

    private double[][] Attention(string p, double[][] x)
    {
        double[][] q = Linear(p + "self_attn.q_proj.weight", x);
        double[][] k = Linear(p + "self_attn.k_proj.weight", x);
        double[][] v = Linear(p + "self_attn.v_proj.weight", x);
        Rotate(q, model.Heads);
        Rotate(k, model.KvHeads);
        int dim = model.HeadDim;
        double[][] output = [.. x.Select(_ => new double[model.Heads * dim])];
        for (int position = 0; position < x.Length; position++)
        {
            for (int head = 0; head < model.Heads; head++)
            {
                int kvHead = head / (model.Heads / model.KvHeads);
                double[] weights = new double[position + 1];
                for (int other = 0; other <= position; other++)
                {
                    for (int i = 0; i < dim; i++)
                    {
                        weights[other] += q[position][(head * dim) + i] * k[other][(kvHead * dim) + i] / Math.Sqrt(dim);
                    }
                }

                double largest = weights.Max();
                double sum = weights.Sum(w => Math.Exp(w - largest));
                for (int other = 0; other <= position; other++)
                {
                    for (int i = 0; i < dim; i++)
                    {
                        output[position][(head * dim) + i] += Math.Exp(weights[other] - largest) / sum * v[other][(kvHead * dim) + i];
                    }
                }
            }
        }

        return Linear(p + "self_attn.o_proj.weight", output);
    }

    private double[][] Mlp(string p, double[][] x)
    {
        double[][] gate = Linear(p + "mlp.gate_proj.weight", x);
        double[][] up = Linear(p + "mlp.up_proj.weight", x);
        return Linear(p + "mlp.down_proj.weight", [.. gate.Zip(up, (g, u) => g.Zip(u, (a, b) => a / (1 + Math.Exp(-a)) * b).ToArray())]);
    }

    private void Rotate(double[][] x, int heads)
    {
        int half = model.HeadDim / 2;
        for (int position = 0; position < x.Length; position++)
        {
            for (int head = 0; head < heads; head++)
            {
                for (int i = 0; i < half; i++)
                {
                    double angle = position / Math.Pow(10000, 2.0 * i / model.HeadDim);
                    ref double a = ref x[position][(head * 2 * half) + i];
                    ref double b = ref x[position][(head * 2 * half) + half + i];
                    (a, b) = ((a * Math.Cos(angle)) - (b * Math.Sin(angle)), (b * Math.Cos(angle)) + (a * Math.Sin(angle)));
                }
            }
        }
    }

    private double[][] Norm(string name, double[][] x)
    {
        float[] weight = model.Tensors[name].Values;
        return [.. x.Select(row =>
        {
            double scale = 1 / Math.Sqrt((row.Sum(v => v * v) / row.Length) + 1e-5);
            return row.Select((v, i) => v * scale * weight[i]).ToArray();
        })];
    }

    private double[][] Linear(string name, double[][] x)
    {
        var (shape, values) = model.Tensors[name];
        if (!_linear.TryGetValue(name, out float[]? weights))
        {
            weights = _linear[name] = linear(name, values, shape[1]);
        }

        return [.. x.Select(row =>
        {
            double[] output = new double[shape[0]];
            for (int o = 0; o < output.Length; o++)
            {
                for (int i = 0; i < row.Length; i++)
                {
                    output[o] += row[i] * weights[(o * row.Length) + i];
                }
            }

            return output;
        })];
    }

    private static void AddTo(double[][] x, double[][] change)
    {
        for (int position = 0; position < x.Length; position++)
        {
            for (int i = 0; i < x[position].Length; i++)
            {
                x[position][i] += change[position][i];
            }
        }
    }
}
