namespace Edge.Runtime.Inference.SelfTest;

/// <summary>Causal attention of grouped heads with rotary positions in plain arithmetic, token after token.</summary>
internal sealed class AttentionReference
{
    private const double Base = 10_000;

    private readonly int _heads;
    private readonly int _kvHeads;
    private readonly int _size;
    private readonly List<double[]> _keys = []; // each (KV heads, size), rotated
    private readonly List<double[]> _values = [];

    public AttentionReference(int heads, int kvHeads, int size, int positions)
    {
        (_heads, _kvHeads, _size) = (heads, kvHeads, size);
        Cosines = Table(positions, Math.Cos);
        Sines = Table(positions, Math.Sin);
    }

    /// <summary>(positions, size / 2)</summary>
    public float[] Cosines { get; }

    public float[] Sines { get; }

    /// <param name="q">(tokens, heads · size)</param>
    /// <param name="k">(tokens, KV heads · size)</param>
    /// <param name="v">(tokens, KV heads · size)</param>
    /// <param name="bias">(tokens, all tokens), added to the scores.</param>
    /// <returns>(tokens, heads · size)</returns>
    public double[] Next(float[] q, float[] k, float[] v, float[] bias)
    {
        int past = _keys.Count, width = _heads * _size, kvWidth = _kvHeads * _size, tokens = q.Length / width;
        for (int t = 0; t < tokens; t++)
        {
            _keys.Add(Rotate(k.AsSpan(t * kvWidth, kvWidth), past + t));
            _values.Add([.. v.AsSpan(t * kvWidth, kvWidth).ToArray().Select(x => (double)x)]);
        }

        double[] y = new double[q.Length];
        for (int t = 0; t < tokens; t++)
        {
            double[] query = Rotate(q.AsSpan(t * width, width), past + t);
            for (int head = 0; head < _heads; head++)
            {
                Attend(query, head, past + t + 1, bias.AsSpan(t * _keys.Count, _keys.Count), y.AsSpan((t * width) + (head * _size), _size));
            }
        }

        return y;
    }

    private void Attend(double[] query, int head, int seen, ReadOnlySpan<float> bias, Span<double> y)
    {
        int kv = head / (_heads / _kvHeads) * _size;
        double[] scores = new double[seen];
        for (int s = 0; s < seen; s++)
        {
            for (int i = 0; i < _size; i++)
            {
                scores[s] += query[(head * _size) + i] * _keys[s][kv + i];
            }

            scores[s] = (scores[s] / Math.Sqrt(_size)) + bias[s];
        }

        double highest = scores.Max(), sum = scores.Sum(s => Math.Exp(s - highest));
        for (int s = 0; s < seen; s++)
        {
            double weight = Math.Exp(scores[s] - highest) / sum;
            for (int i = 0; i < _size; i++)
            {
                y[i] += weight * _values[s][kv + i];
            }
        }
    }

    // The halves of a head are the two coordinates that turn.
    private double[] Rotate(ReadOnlySpan<float> heads, int position)
    {
        double[] turned = new double[heads.Length];
        int half = _size / 2;
        for (int i = 0; i < heads.Length; i++)
        {
            int pair = i % half, start = i / _size * _size;
            double cos = Cosines[(position * half) + pair], sin = Sines[(position * half) + pair];
            double a = heads[start + pair], b = heads[start + pair + half];
            turned[i] = i % _size < half ? (a * cos) - (b * sin) : (b * cos) + (a * sin);
        }

        return turned;
    }

    private float[] Table(int positions, Func<double, double> wave)
    {
        int half = _size / 2;
        return [.. Enumerable.Range(0, positions * half).Select(i => (float)wave(i / half * Math.Pow(Base, -2.0 * (i % half) / _size)))];
    }
}
