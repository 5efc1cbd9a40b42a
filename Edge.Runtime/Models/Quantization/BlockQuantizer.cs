namespace Edge.Runtime.Models.Quantization;

/// <summary>
/// Symmetric quantization in blocks along the input dimension, rounding to nearest. Per block: the scale is the value of
/// largest magnitude (the first of equals) divided by −2^(bits−1), signed, rounded to half precision; a weight is
/// round(w / scale), half to even, held in the range; it stands for q · scale. Stored unsigned with zero point 2^(bits−1),
/// low nibble first: the layout that ONNX Runtime's MatMulNBits reads. Source: the README of edge-38m, which was trained so.
/// </summary>
internal sealed class BlockQuantizer
{
    /// <param name="bits">4 or 8.</param>
    /// <param name="block">Weights that share a scale.</param>
    public BlockQuantizer(int bits, int block)
    {
        Bits = bits;
        Block = block;
    }

    public int Bits { get; }

    public int Block { get; }

    public int BlockBytes => Block * Bits / 8;

    /// <summary>Blocks of a row; the last one is filled up with zeros.</summary>
    public int BlocksInRow(int columns) => (columns + Block - 1) / Block;

    /// <param name="row">(columns)</param>
    /// <param name="quants">(blocks in row · bytes of a block)</param>
    /// <param name="scales">(blocks in row)</param>
    /// <returns>False when a weight is too large for a half precision scale.</returns>
    public bool TryQuantize(ReadOnlySpan<float> row, Span<byte> quants, Span<Half> scales)
    {
        for (int b = 0; b < scales.Length; b++)
        {
            var weights = row.Slice(b * Block, Math.Min(Block, row.Length - (b * Block)));
            var scale = (Half)(LargestMagnitude(weights) / -(1 << (Bits - 1)));
            if (!Half.IsFinite(scale))
            {
                return false;
            }

            scales[b] = scale;
            var target = quants.Slice(b * BlockBytes, BlockBytes);
            if (Bits == 4)
            {
                PackNibbles(weights, (float)scale, target);
            }
            else
            {
                PackBytes(weights, (float)scale, target);
            }
        }

        return true;
    }

    private static float LargestMagnitude(ReadOnlySpan<float> weights)
    {
        float largest = 0;
        foreach (float weight in weights)
        {
            largest = MathF.Abs(weight) > MathF.Abs(largest) ? weight : largest;
        }

        return largest;
    }

    private static void PackNibbles(ReadOnlySpan<float> weights, float scale, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            int low = 2 * i < weights.Length ? Round(weights[2 * i], scale, 8) : 8;
            int high = (2 * i) + 1 < weights.Length ? Round(weights[(2 * i) + 1], scale, 8) : 8;
            target[i] = (byte)(low | (high << 4));
        }
    }

    private static void PackBytes(ReadOnlySpan<float> weights, float scale, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (byte)(i < weights.Length ? Round(weights[i], scale, 128) : 128);
        }
    }

    /// <summary>The quantized weight plus the zero point; a scale of zero stands for a block of zeros.</summary>
    private static int Round(float weight, float scale, int zeroPoint) =>
        scale == 0 ? zeroPoint : (int)Math.Clamp(MathF.Round(weight / scale), -zeroPoint, zeroPoint - 1) + zeroPoint;
}
