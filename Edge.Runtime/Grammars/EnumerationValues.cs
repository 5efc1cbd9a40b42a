using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>The values listed by <c>enum</c> and <c>const</c>.</summary>
internal static class EnumerationValues
{
    /// <summary>The values that all lists share, in the order of the first; null where nothing is listed.</summary>
    public static List<JsonElement>? Of(IEnumerable<SchemaPart> parts)
    {
        List<JsonElement>? result = null;
        foreach (var part in parts)
        {
            if (part.Find("enum") is { } list)
            {
                result = list.ValueKind == JsonValueKind.Array
                    ? Common(result, [.. list.EnumerateArray()])
                    : throw part.Fault("enum", "must be a list of values.");
            }

            if (part.Find("const") is { } value)
            {
                result = Common(result, [value]);
            }
        }

        return result;
    }

    /// <summary>The narrowest type of a value; a number without fraction is an integer.</summary>
    public static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => DecimalText.Parse(value.GetRawText()).IsInteger ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };

    /// <summary>Whether no other listed string differs from this one in case only.</summary>
    public static bool IsUniqueIgnoringCase(List<JsonElement> values, JsonElement value) =>
        values.Where(v => v.ValueKind == JsonValueKind.String && string.Equals(v.GetString(), value.GetString(), StringComparison.OrdinalIgnoreCase))
            .Select(v => v.GetString()).Distinct().Count() == 1;

    private static List<JsonElement> Common(List<JsonElement>? a, List<JsonElement> b)
    {
        if (a is null)
        {
            return b;
        }

        var texts = b.Select(JsonTexts.Of).ToHashSet();
        return [.. a.Where(v => texts.Contains(JsonTexts.Of(v)))];
    }
}
