namespace Edge.Tests.Models;

/// <summary>Weights as quantization leaves them, written again from the rule's text.</summary>
internal static class Rounded
{
    public static float[] InBlocks(float[] weights, int columns, int bits, int block, bool asymmetric)
    {
        float[] rounded = new float[weights.Length];
        for (int row = 0; row < weights.Length; row += columns)
        {
            for (int start = 0; start < columns; start += block)
            {
                float[] part = weights[(row + start)..(row + Math.Min(columns, start + block))];
                (asymmetric ? Asymmetric(part, bits) : Symmetric(part, bits)).CopyTo(rounded, row + start);
            }
        }

        return rounded;
    }

    private static float[] Symmetric(float[] part, int bits)
    {
        float lowest = -MathF.Pow(2, bits - 1);
        float scale = (float)(Half)(part.MaxBy(MathF.Abs) / lowest);
        return [.. part.Select(w => scale == 0 ? 0 : scale * Math.Clamp(MathF.Round(w / scale), lowest, -lowest - 1))];
    }

    private static float[] Asymmetric(float[] part, int bits)
    {
        float top = MathF.Pow(2, bits) - 1, lowest = Math.Min(0, part.Min()), highest = Math.Max(0, part.Max());
        float scale = (float)(Half)((highest - lowest) / top);
        float zero = scale == 0 ? 0 : Math.Clamp(MathF.Round(-lowest / scale), 0, top);
        return [.. part.Select(w => scale == 0 ? 0 : scale * (Math.Clamp(MathF.Round(w / scale) + zero, 0, top) - zero))];
    }
}
