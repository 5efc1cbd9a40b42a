using Edge.Runtime.Models.RandomModels;

namespace Edge.Runtime.Models;

/// <summary>What a model will take when it is converted, worked out from its shape.</summary>
public static class ConvertedSize
{
    /// <summary>Bytes at 4 bits in blocks of 32, with the lookup at 16, for as many positions as the model has.</summary>
    public static long At4Bits(ModelConfig config)
    {
        var layout = DecoderLayout.Known[config.Architecture];
        long bytes = 0;
        foreach (var tensor in DecoderTensors.Of(config))
        {
            bool lookup = tensor.Name == layout.Embedding;
            bytes += tensor.Shape.Length == 1 ? tensor.Elements * sizeof(float) : lookup ? tensor.Elements * sizeof(ushort) : Quantized(tensor.Elements);
            bytes += lookup && config.TiedEmbedding ? Quantized(tensor.Elements) : 0;
        }

        long tables = config.LocalRotary is null ? 1 : 2;
        return bytes + (tables * config.ContextLength * config.Rotary.Dim * sizeof(float));
    }

    /// <summary>Half a byte a weight and a scale of four bytes a block.</summary>
    private static long Quantized(long weights) => (weights / 2) + (weights / 8);
}
