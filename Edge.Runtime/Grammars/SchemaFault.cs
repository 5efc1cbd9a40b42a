namespace Edge.Runtime.Grammars;

/// <summary>A schema says something that cannot be enforced, or nothing can satisfy it. Nothing is ever dropped silently.</summary>
/// <param name="pointer">A JSON pointer (RFC 6901) to the place in the schema; empty for the root.</param>
/// <param name="reason">One sentence: what, and the way out.</param>
public sealed class SchemaFault(string pointer, string reason) : FormatException($"{(pointer.Length == 0 ? "/" : pointer)}: {reason}")
{
    public string Pointer { get; } = pointer;

    public string Reason { get; } = reason;
}
