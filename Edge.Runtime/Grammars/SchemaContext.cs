using System.Collections.Immutable;

namespace Edge.Runtime.Grammars;

/// <summary>What is compiled together, and how deep.</summary>
/// <param name="Parts">Schemas that must all hold.</param>
/// <param name="Depth">How often each reference was entered on the way here.</param>
/// <param name="Free">How many arrays and objects without a schema for their content lie around.</param>
/// <param name="Keywords">Members are keyword arguments of a Python-like call, <c>a=1, b="x"</c>, without braces.</param>
internal sealed record SchemaContext(ImmutableArray<SchemaPart> Parts, ImmutableDictionary<string, int> Depth, int Free, bool Keywords = false)
{
    /// <summary>Equal for contexts with the same meaning.</summary>
    public string Key => Parts.Length == 1 && Depth.IsEmpty ? $"{Parts[0].Pointer}\n{Free}{Keywords}" : string.Join('\n', Parts.Select(p => p.Pointer))
        + "\n" + string.Join(',', Depth.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key}={d.Value}"))
        + "\n" + Free + Keywords;

    /// <summary>The same depth with other parts; without parts the content is free.</summary>
    public SchemaContext With(IEnumerable<SchemaPart> parts)
    {
        var array = parts.ToImmutableArray();
        return this with { Parts = array, Free = array.IsEmpty ? Free + 1 : Free, Keywords = false };
    }
}
