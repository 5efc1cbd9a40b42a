namespace Edge.Runtime.Models.Safetensors;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Unique within a model.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">Row-major; the product of its dimensions is the number of elements.</param>
/// <param name="Offset">Where its first byte lies, from the start of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record TensorEntry(string Name, ElementType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>For messages: <c>[8192, 512]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
