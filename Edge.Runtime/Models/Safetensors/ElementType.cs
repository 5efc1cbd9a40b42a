namespace Edge.Runtime.Models.Safetensors;

/// <summary>The element types of weights that Edge reads.</summary>
public enum ElementType
{
    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of a float: its range, 8 bits of precision.</summary>
    BF16,

    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>A known type of the format that no weight of a decoder has.</summary>
    Other,
}
