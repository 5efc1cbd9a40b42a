using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Edge.Runtime.Models.Safetensors;

namespace Edge.Runtime.Models.Weights;

/// <summary>Floats as the bytes of a stored type.</summary>
internal static class Elements
{
    public static int Size(ElementType type) => type == ElementType.F32 ? sizeof(float) : sizeof(ushort);

    /// <summary>What 16 bits hold a tensor best: its own type where it has 16 bits, half precision otherwise.</summary>
    public static ElementType Narrowest(ElementType type) => type == ElementType.F32 ? ElementType.F16 : type;

    /// <param name="floats">Finite.</param>
    /// <param name="bytes">As many elements of <paramref name="type"/>.</param>
    /// <param name="name">The tensor, for the message.</param>
    /// <exception cref="ModelException">A value is too large for the type.</exception>
    public static void Store(ReadOnlySpan<float> floats, ElementType type, Span<byte> bytes, string name)
    {
        switch (type)
        {
            case ElementType.F32:
                MemoryMarshal.AsBytes(floats).CopyTo(bytes);
                break;
            case ElementType.F16:
                var halves = MemoryMarshal.Cast<byte, Half>(bytes);
                TensorPrimitives.ConvertToHalf(floats, halves);
                RefuseOverflow(floats, name);
                break;
            default:
                // Only values that came from this type: the lower half is zero.
                var uppers = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < floats.Length; i++)
                {
                    uppers[i] = (ushort)(BitConverter.SingleToUInt32Bits(floats[i]) >> 16);
                }

                break;
        }
    }

    private static void RefuseOverflow(ReadOnlySpan<float> floats, string name)
    {
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(floats));
        if (largest > (float)Half.MaxValue)
        {
            throw new ModelException($"Tensor {name} holds {largest}, too large for 16 bits (65504); convert with --bits 32.");
        }
    }
}
