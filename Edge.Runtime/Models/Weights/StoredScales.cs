using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Edge.Runtime.Models.Weights;

/// <summary>Where a quantized matrix' scales lie in the file. Their values are halves either way; as floats they are read from the file without a copy.</summary>
/// <param name="At">The first byte.</param>
/// <param name="Halves">Two bytes each, else four.</param>
internal readonly record struct StoredScales(long At, bool Halves)
{
    /// <param name="index">Of the first of the scales.</param>
    public void Write(WeightFile file, long index, ReadOnlySpan<Half> scales)
    {
        if (Halves)
        {
            file.Write(At + (index * sizeof(ushort)), MemoryMarshal.AsBytes(scales));
            return;
        }

        using var floats = new Rented<float>(scales.Length);
        TensorPrimitives.ConvertToSingle(scales, floats.Span);
        file.Write(At + (index * sizeof(float)), MemoryMarshal.AsBytes(floats.Span));
    }
}
