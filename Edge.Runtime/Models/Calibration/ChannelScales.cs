using System.Numerics.Tensors;
using Edge.Runtime.Models.Quantization;
using Edge.Runtime.Models.Weights;

namespace Edge.Runtime.Models.Calibration;

/// <summary>
/// Makes the weights of strong channels larger before they are rounded, and what produces the channel smaller by as much: the product stays the same,
/// its rounding errors shrink where they would count. The strength is searched. Source: Lin et al. 2023, AWQ, sections 3.2 and 3.3.
/// </summary>
internal static class ChannelScales
{
    /// <summary>Rows of a group's weights that the search looks at.</summary>
    private const int RowsMax = 256;

    /// <summary>Powers of the magnitudes that are tried; 0 leaves everything as it is.</summary>
    private static readonly float[] _powers = [0, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f, 0.75f, 0.875f, 1];

    /// <param name="statistics">Of the group's input.</param>
    /// <param name="members">The projections that read it, with their quantizers; those that stay as they are left out.</param>
    /// <returns>Multipliers of the weights' columns, (channels); null where none is better.</returns>
    public static float[]? Find(ChannelStatistics statistics, IReadOnlyList<(MatrixRows Rows, BlockQuantizer Quantizer)> members)
    {
        if (members.Count == 0)
        {
            return null;
        }

        var samples = members.Select(m => (Weights: Sample(m.Rows), m.Quantizer)).ToList();
        float[]? best = null;
        double least = double.MaxValue;
        foreach (float power in _powers)
        {
            float[] scales = Scales(statistics.Magnitudes, power);
            double error = samples.Sum(s => Error(s.Weights, s.Quantizer, scales, statistics.Squares));
            if (error < least)
            {
                least = error;
                best = power == 0 ? null : scales;
            }
        }

        return best;
    }

    /// <summary>|x|^power, around 1: the geometric mean of the smallest and the largest.</summary>
    private static float[] Scales(float[] magnitudes, float power)
    {
        float mean = Math.Max(TensorPrimitives.Sum<float>(magnitudes) / magnitudes.Length, float.Epsilon);
        float[] scales = [.. magnitudes.Select(m => Math.Clamp(MathF.Pow(m / mean, power), 1e-2f, 1e2f))];
        float middle = MathF.Sqrt(scales.Min() * scales.Max());
        TensorPrimitives.Divide(scales, middle, scales);
        return scales;
    }

    /// <summary>Squared errors of the outputs, as if channels were independent: Σ E[x²] · (rounded / s − w)².</summary>
    private static double Error(float[] weights, BlockQuantizer quantizer, float[] scales, float[] squares)
    {
        int columns = scales.Length;
        float[] row = new float[columns];
        double error = 0;
        for (int start = 0; start < weights.Length; start += columns)
        {
            var exact = weights.AsSpan(start, columns);
            TensorPrimitives.Multiply(exact, scales, row);
            quantizer.Round(row);
            TensorPrimitives.Divide(row, scales, row);
            TensorPrimitives.Subtract(row, exact, row);
            TensorPrimitives.Multiply(row, row, row);
            error += TensorPrimitives.Dot<float>(row, squares);
        }

        return error;
    }

    /// <summary>Rows from all over the matrix.</summary>
    private static float[] Sample(MatrixRows rows)
    {
        int count = Math.Min(RowsMax, rows.Rows);
        float[] weights = new float[count * rows.Columns];
        for (int i = 0; i < count; i++)
        {
            rows.Read((int)((long)i * rows.Rows / count), weights.AsSpan(i * rows.Columns, rows.Columns));
        }

        return weights;
    }
}
