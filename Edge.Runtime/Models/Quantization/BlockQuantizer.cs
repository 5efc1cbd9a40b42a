namespace Edge.Runtime.Models.Quantization;

/// <summary>
/// Quantization in blocks along the input dimension, rounding to nearest; stored unsigned, low nibble first: the layout that ONNX Runtime's
/// MatMulNBits reads. A weight stands for (q − zero point) · scale, the scale rounded to half precision first.
/// Symmetric: the scale is the value of largest magnitude (the first of equals) divided by −2^(bits−1), signed; the zero point 2^(bits−1). Source:
/// the README of edge-38m, which was trained so. Asymmetric: the scale is the range of the block's values and 0, divided by 2^bits − 1; the zero
/// point is where 0 lies in it.
/// </summary>
internal sealed class BlockQuantizer
{
    /// <param name="bits">4 or 8.</param>
    /// <param name="block">Weights that share a scale.</param>
    /// <param name="asymmetric">Each block has its own zero point.</param>
    public BlockQuantizer(int bits, int block, bool asymmetric = false)
    {
        Bits = bits;
        Block = block;
        Asymmetric = asymmetric;
    }

    public int Bits { get; }

    public int Block { get; }

    public bool Asymmetric { get; }

    public int BlockBytes => Block * Bits / 8;

    /// <summary>Blocks of a row; the last one is filled up with zeros.</summary>
    public int BlocksInRow(int columns) => (columns + Block - 1) / Block;

    /// <summary>Bytes of a row's zero points, packed like weights.</summary>
    public int ZeroBytesInRow(int columns) => ((BlocksInRow(columns) * Bits) + 7) / 8;

    /// <param name="row">(columns)</param>
    /// <param name="quants">(blocks in row · bytes of a block)</param>
    /// <param name="scales">(blocks in row)</param>
    /// <param name="zeros">(bytes of a row's zero points); empty when symmetric.</param>
    /// <returns>False when a weight is too large for a half precision scale.</returns>
    public bool TryQuantize(ReadOnlySpan<float> row, Span<byte> quants, Span<Half> scales, Span<byte> zeros = default)
    {
        zeros.Clear();
        for (int b = 0; b < scales.Length; b++)
        {
            var weights = row.Slice(b * Block, Math.Min(Block, row.Length - (b * Block)));
            var (scale, zero) = Asymmetric ? Range(weights) : ((Half)(LargestMagnitude(weights) / -(1 << (Bits - 1))), 1 << (Bits - 1));
            if (!Half.IsFinite(scale))
            {
                return false;
            }

            scales[b] = scale;
            var target = quants.Slice(b * BlockBytes, BlockBytes);
            if (Bits == 4)
            {
                PackNibbles(weights, (float)scale, zero, target);
            }
            else
            {
                PackBytes(weights, (float)scale, zero, target);
            }

            if (Asymmetric)
            {
                zeros[b * Bits / 8] |= (byte)(Bits == 4 && b % 2 == 1 ? zero << 4 : zero);
            }
        }

        return true;
    }

    /// <summary>What is left of a row behind quantization, in its place.</summary>
    public void Round(Span<float> row)
    {
        int top = (1 << Bits) - 1;
        for (int start = 0; start < row.Length; start += Block)
        {
            var weights = row.Slice(start, Math.Min(Block, row.Length - start));
            var (half, zero) = Asymmetric ? Range(weights) : ((Half)(LargestMagnitude(weights) / -(1 << (Bits - 1))), 1 << (Bits - 1));
            float scale = (float)half;
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = (Round(weights[i], scale, zero, top) - zero) * scale;
            }
        }
    }

    private (Half Scale, int Zero) Range(ReadOnlySpan<float> weights)
    {
        float lowest = 0, highest = 0;
        foreach (float weight in weights)
        {
            lowest = MathF.Min(lowest, weight);
            highest = MathF.Max(highest, weight);
        }

        int top = (1 << Bits) - 1;
        var scale = (Half)((highest - lowest) / top);
        return (scale, scale == (Half)0 ? 0 : (int)Math.Clamp(MathF.Round(-lowest / (float)scale), 0, top));
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

    private static void PackNibbles(ReadOnlySpan<float> weights, float scale, int zero, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            int low = 2 * i < weights.Length ? Round(weights[2 * i], scale, zero, 15) : zero;
            int high = (2 * i) + 1 < weights.Length ? Round(weights[(2 * i) + 1], scale, zero, 15) : zero;
            target[i] = (byte)(low | (high << 4));
        }
    }

    private static void PackBytes(ReadOnlySpan<float> weights, float scale, int zero, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (byte)(i < weights.Length ? Round(weights[i], scale, zero, 255) : zero);
        }
    }

    /// <summary>The quantized weight; a scale of zero stands for a block of zeros.</summary>
    private static int Round(float weight, float scale, int zero, int top) =>
        scale == 0 ? zero : (int)Math.Clamp(MathF.Round(weight / scale) + zero, 0, top);
}
