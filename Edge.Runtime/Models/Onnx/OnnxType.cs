using Edge.Runtime.Models.Safetensors;

namespace Edge.Runtime.Models.Onnx;

/// <summary>ONNX's numbers for element types (TensorProto.DataType).</summary>
internal enum OnnxType
{
    Float = 1,
    UInt8 = 2,
    Int32 = 6,
    Int64 = 7,
    Float16 = 10,
    BFloat16 = 16,
}

internal static class OnnxTypes
{
    public static OnnxType Of(ElementType type) => type switch
    {
        ElementType.F16 => OnnxType.Float16,
        ElementType.BF16 => OnnxType.BFloat16,
        _ => OnnxType.Float,
    };
}
