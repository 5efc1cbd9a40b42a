using Edge.Runtime.Models.Quantization;

namespace Edge.Runtime.Inference.SelfTest;

/// <summary>A 4-bit matrix as MatMulNBits reads it, and what its product is, three times in plain arithmetic.</summary>
internal sealed class BlockMatrix
{
    public const int Block = 32;

    private readonly sbyte[] _weights; // (rows, columns), -8 to 7

    public BlockMatrix(int rows, int columns, Random random)
    {
        (Rows, Columns) = (rows, columns);
        var quantizer = new BlockQuantizer(bits: 4, Block);
        int blocks = quantizer.BlocksInRow(columns);
        Quants = new byte[rows * blocks * quantizer.BlockBytes];
        Scales = new float[rows * blocks];
        _weights = new sbyte[rows * columns];
        float[] row = new float[columns];
        var scales = new Half[blocks];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                row[c] = (float)((random.NextDouble() * 2) - 1) * 0.1f;
            }

            var quants = Quants.AsSpan(r * blocks * quantizer.BlockBytes, blocks * quantizer.BlockBytes);
            quantizer.TryQuantize(row, quants, scales);
            for (int b = 0; b < blocks; b++)
            {
                Scales[(r * blocks) + b] = (float)scales[b];
            }

            for (int c = 0; c < columns; c++)
            {
                _weights[(r * columns) + c] = (sbyte)(((quants[c / 2] >> (c % 2 * 4)) & 15) - 8);
            }
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>(rows, blocks in row, 16 bytes), low nibble first.</summary>
    public byte[] Quants { get; }

    /// <summary>(rows, blocks in row)</summary>
    public float[] Scales { get; }

    /// <summary>The exact product of dequantized weights.</summary>
    /// <param name="x">(inputs, columns)</param>
    /// <returns>(inputs, rows)</returns>
    public double[] Exact(ReadOnlySpan<float> x) => Product([.. x], [.. Enumerable.Repeat(1.0, x.Length)], scale => scale);

    /// <summary>As MLAS does at accuracy level 4: inputs in 8 bits, symmetric, one scale a block of 32.</summary>
    public double[] InBlocks(ReadOnlySpan<float> x)
    {
        double[] quants = new double[x.Length], steps = new double[x.Length];
        for (int start = 0; start < x.Length; start += Block)
        {
            float largest = 0;
            foreach (float value in x.Slice(start, Block))
            {
                largest = MathF.Max(largest, MathF.Abs(value));
            }

            float step = largest / 127;
            for (int i = start; i < start + Block; i++)
            {
                quants[i] = step == 0 ? 0 : MathF.Round(x[i] * (1 / step), MidpointRounding.ToEven);
                steps[i] = step;
            }
        }

        return Product(quants, steps, scale => scale);
    }

    /// <summary>As KleidiAI does: inputs in 8 bits with a zero point, one scale a row; scales of weights cut to bfloat16.</summary>
    public double[] InRows(ReadOnlySpan<float> x)
    {
        double[] quants = new double[x.Length], steps = new double[x.Length];
        for (int start = 0; start < x.Length; start += Columns)
        {
            float low = 0, high = 0;
            foreach (float value in x.Slice(start, Columns))
            {
                (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
            }

            float scale = low == high ? 1 : 255 / (high - low);
            float atLow = low * scale, atHigh = high * scale;
            float zero = MathF.Round(Math.Clamp((-128 + atLow) + (127 + atHigh) > 0 ? -128 - atLow : 127 - atHigh, -128, 127), MidpointRounding.ToEven);
            for (int i = start; i < start + Columns; i++)
            {
                float quant = MathF.Round(x[i] * scale, MidpointRounding.AwayFromZero) + zero;
                quants[i] = Math.Clamp(quant, -128, 127) - zero;
                steps[i] = 1 / scale;
            }
        }

        return Product(quants, steps, scale => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(scale) & unchecked((int)0xFFFF0000)));
    }

    private double[] Product(double[] quants, double[] steps, Func<float, double> scale)
    {
        int inputs = quants.Length / Columns, blocks = Columns / Block;
        double[] y = new double[inputs * Rows];
        for (int i = 0; i < inputs; i++)
        {
            for (int r = 0; r < Rows; r++)
            {
                double sum = 0;
                for (int c = 0; c < Columns; c++)
                {
                    int at = (i * Columns) + c;
                    sum += quants[at] * steps[at] * _weights[(r * Columns) + c] * scale(Scales[(r * blocks) + (c / Block)]);
                }

                y[(i * Rows) + r] = sum;
            }
        }

        return y;
    }
}
