using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Edge.Runtime.Models.Safetensors;

/// <summary>Elements of a tensor as floats; all three types widen without loss.</summary>
internal static class FloatReader
{
    /// <summary>Elements that are read at once: a bound on memory, whatever the tensor's size.</summary>
    private const int ChunkElements = 1 << 16;

    public static void Read(SafetensorsFile file, TensorEntry tensor, long first, Span<float> floats)
    {
        if (tensor.Type == ElementType.F32)
        {
            file.Read(tensor, first * sizeof(float), MemoryMarshal.AsBytes(floats));
            return;
        }

        using var halves = new Rented<ushort>(Math.Min(ChunkElements, floats.Length));
        for (int done = 0; done < floats.Length;)
        {
            var chunk = halves.Span[..Math.Min(halves.Span.Length, floats.Length - done)];
            file.Read(tensor, (first + done) * sizeof(ushort), MemoryMarshal.AsBytes(chunk));
            Widen(chunk, tensor.Type, floats.Slice(done, chunk.Length));
            done += chunk.Length;
        }
    }

    public static int IndexOfNotFinite(ReadOnlySpan<float> floats)
    {
        // The largest magnitude is NaN or infinite if any is: one vectorized pass in the usual case.
        if (floats.IsEmpty || float.IsFinite(TensorPrimitives.MaxMagnitude(floats)))
        {
            return -1;
        }

        for (int i = 0; i < floats.Length; i++)
        {
            if (!float.IsFinite(floats[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Widen(ReadOnlySpan<ushort> halves, ElementType type, Span<float> floats)
    {
        if (type == ElementType.F16)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(halves), floats);
            return;
        }

        for (int i = 0; i < halves.Length; i++)
        {
            floats[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
        }
    }
}
