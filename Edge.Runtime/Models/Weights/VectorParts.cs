using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Edge.Runtime.Models.Safetensors;

namespace Edge.Runtime.Models.Weights;

/// <summary>Vectors one behind the other as floats: a norm's weight, or the biases of a packed projection.</summary>
/// <param name="offset">Added to every value.</param>
/// <param name="divisors">Of every value, behind the offset; null for none.</param>
internal sealed class VectorParts(SafetensorsFolder source, TensorEntry[] parts, float offset, long at, float[]? divisors = null) : Weight
{
    public override string Name => parts[0].Name;

    public override long SourceBytes => parts.Sum(p => p.Length);

    public override void Write(WeightFile file, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        float[] values = new float[parts.Sum(p => p.Shape[0])];
        int start = 0;
        foreach (var part in parts)
        {
            source.ReadFloats(part, 0, values.AsSpan(start, (int)part.Shape[0]));
            start += (int)part.Shape[0];
        }

        for (int i = 0; offset != 0 && i < values.Length; i++)
        {
            values[i] += offset;
        }

        if (divisors is not null)
        {
            TensorPrimitives.Divide(values, divisors, values);
        }

        file.Write(at, MemoryMarshal.AsBytes<float>(values));
    }
}
