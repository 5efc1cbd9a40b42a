using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>
/// Proves that no value satisfies two alternatives of a <c>oneOf</c>; only then is it a choice. Disjoint texts prove it for scalars alone:
/// the texts of objects and arrays leave out what is valid but not canonical (another order, undeclared members, more items than the default).
/// </summary>
/// <param name="compile">The texts of an alternative when restricted to some types, without the default limits.</param>
internal sealed class Exclusiveness(Expressions e, int statesMax, Func<int, SchemaPart, int> compile)
{
    private static readonly SchemaPart s_scalars = Only("""["string","integer","number","boolean","null"]""");
    private static readonly SchemaPart s_objects = Only("""["object"]""");
    private static readonly SchemaPart s_arrays = Only("""["array"]""");

    /// <exception cref="SchemaFault">Two alternatives are not provably exclusive.</exception>
    public void Check(SchemaPart part)
    {
        int count = part.Schema.GetProperty("oneOf").GetArrayLength();
        int[] scalars = [.. Enumerable.Range(0, count).Select(i => compile(i, s_scalars))];
        bool[] objects = [.. Enumerable.Range(0, count).Select(i => compile(i, s_objects) != Expressions.Never)];
        bool[] arrays = [.. Enumerable.Range(0, count).Select(i => compile(i, s_arrays) != Expressions.Never)];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if ((arrays[i] && arrays[j]) || (objects[i] && objects[j] && !HaveDiscriminator(part, i, j)) || Overlap(scalars[i], scalars[j]))
                {
                    throw part.Fault("oneOf", $"alternatives {j} and {i} are not provably exclusive; use anyOf, or give each a required property with its own const.");
                }
            }
        }
    }

    private bool Overlap(int a, int b)
    {
        try
        {
            return e.Finish(e.Both(a, b), statesMax) != Expressions.Never;
        }
        catch (GrammarLimitException)
        {
            return true;
        }
    }

    // A property that both require and whose listed values have nothing in common.
    private static bool HaveDiscriminator(SchemaPart part, int i, int j)
    {
        var (a, b) = (part.At("oneOf", i).Schema, part.At("oneOf", j).Schema);
        return Required(a).Intersect(Required(b)).Any(name =>
            Values(a, name) is { Count: > 0 } ofA && Values(b, name) is { Count: > 0 } ofB && !ofA.Intersect(ofB).Any());
    }

    private static IEnumerable<string> Required(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)
            : [];

    private static List<string> Values(JsonElement schema, string name)
    {
        if (!schema.TryGetProperty("properties", out var properties) || !properties.TryGetProperty(name, out var property) || property.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        return property.TryGetProperty("const", out var only) ? [JsonTexts.Of(only)]
            : property.TryGetProperty("enum", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(JsonTexts.Of)]
            : [];
    }

    private static SchemaPart Only(string types)
    {
        using var document = JsonDocument.Parse($$"""{"type":{{types}}}""");
        return new SchemaPart(document.RootElement.Clone(), types);
    }
}
