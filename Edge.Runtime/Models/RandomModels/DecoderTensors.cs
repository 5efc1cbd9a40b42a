namespace Edge.Runtime.Models.RandomModels;

/// <summary>A tensor and how its random values spread.</summary>
internal sealed record DecoderTensor(string Name, long[] Shape, float Centre, float Spread)
{
    public long Elements => Shape.Aggregate(1L, (a, b) => a * b);
}

/// <summary>Every tensor that a decoder of some shape has in its Hugging Face folder.</summary>
internal static class DecoderTensors
{
    private const float NormSpread = 0.2f, BiasSpread = 0.1f;

    public static IEnumerable<DecoderTensor> Of(ModelConfig config)
    {
        var layout = DecoderLayout.Known[config.Architecture];
        yield return new DecoderTensor(layout.Embedding, [config.Vocabulary, config.Hidden], 0, layout.ScaledEmbedding ? 1 / MathF.Sqrt(config.Hidden) : 1);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            foreach (var tensor in InLayer(config, layout))
            {
                yield return tensor with { Name = layout.InLayer(layer, tensor.Name) };
            }
        }

        foreach (var norm in Norm(layout, layout.FinalNorm, config.Hidden))
        {
            yield return norm;
        }

        if (!config.TiedEmbedding)
        {
            foreach (var head in Matrix(layout.Head, config.Vocabulary, config.Hidden, layout.AllBiases))
            {
                yield return head;
            }
        }
    }

    private static IEnumerable<DecoderTensor> InLayer(ModelConfig config, DecoderLayout layout)
    {
        int hidden = config.Hidden, query = config.Heads * config.HeadDim, kv = config.KvHeads * config.HeadDim;
        IEnumerable<IEnumerable<DecoderTensor>> parts =
        [
            Norm(layout, layout.AttentionNorm, hidden),
            Matrix(layout.Query, query, hidden, config.QkvBias),
            Matrix(layout.Key, kv, hidden, config.QkvBias),
            Matrix(layout.Value, kv, hidden, config.QkvBias),
            Norm(layout, layout.QueryNorm, config.HeadDim),
            Norm(layout, layout.KeyNorm, config.HeadDim),
            Matrix(layout.AttentionOutput, hidden, query, config.OutputBias),
            Norm(layout, layout.AttentionPostNorm, hidden),
            Norm(layout, layout.MlpNorm, hidden),
            layout.Gate is { } gate ? Matrix(gate, config.Intermediate, hidden, config.MlpBias) : [],
            Matrix(layout.Up, config.Intermediate, hidden, config.MlpBias),
            Matrix(layout.Down, hidden, config.Intermediate, config.MlpBias),
            Norm(layout, layout.MlpPostNorm, hidden),
        ];
        return parts.SelectMany(p => p);
    }

    private static IEnumerable<DecoderTensor> Matrix(string name, int rows, int columns, bool bias)
    {
        yield return new DecoderTensor(name, [rows, columns], 0, 1 / MathF.Sqrt(columns));
        if (bias)
        {
            yield return new DecoderTensor(DecoderLayout.BiasOf(name), [rows], 0, BiasSpread);
        }
    }

    private static IEnumerable<DecoderTensor> Norm(DecoderLayout layout, string? name, int width)
    {
        if (name is null)
        {
            yield break;
        }

        yield return new DecoderTensor(name, [width], 1 - layout.NormOffset, NormSpread);
        if (layout.LayerNorm)
        {
            yield return new DecoderTensor(DecoderLayout.BiasOf(name), [width], 0, BiasSpread);
        }
    }
}
