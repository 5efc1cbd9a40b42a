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

    /// <summary>The listed strings that differ from another one in case only.</summary>
    public static HashSet<string> CaseTwins(List<JsonElement> values)
    {
        var spellings = new Dictionary<string, string>(values.Count, StringComparer.OrdinalIgnoreCase);
        var twins = new HashSet<string>();
        foreach (var value in values)
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString()! is var text && !spellings.TryAdd(text, text) && spellings[text] != text)
            {
                twins.Add(text);
                twins.Add(spellings[text]);
            }
        }

        return twins;
    }

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
