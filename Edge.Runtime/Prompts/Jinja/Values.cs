using System.Globalization;
using System.Text.Json;

namespace Edge.Runtime.Prompts.Jinja;

/// <summary>A value that a template asked for and that is not there.</summary>
internal sealed class Undefined
{
    public static readonly Undefined Value = new();
}

/// <summary>A number as a JSON text wrote it, so that writing it again changes nothing.</summary>
/// <param name="Text">Of the number.</param>
/// <param name="Value">The number.</param>
internal sealed record JsonNumber(string Text, double Value);

/// <summary>
/// Values of templates: null, <see cref="Undefined"/>, bool, long, double, <see cref="JsonNumber"/>, string, List&lt;object?&gt;,
/// OrderedDictionary&lt;string, object?&gt;, or a function.
/// </summary>
internal static class Values
{
    /// <summary>As Python sees it: nothing, zero and emptiness are false.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool b => b,
        long l => l != 0,
        double d => d != 0,
        JsonNumber n => n.Value != 0,
        string s => s.Length > 0,
        List<object?> list => list.Count > 0,
        OrderedDictionary<string, object?> map => map.Count > 0,
        _ => true,
    };

    public static string ToText(object? value, int line) => value switch
    {
        null => "None",
        Undefined => "",
        bool b => b ? "True" : "False",
        long l => l.ToString(CultureInfo.InvariantCulture),
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        JsonNumber n => n.Text,
        string s => s,
        _ => throw new TemplateException("a list, an object or a function is written as text; write it with tojson", line),
    };

    public static bool AreEqual(object? a, object? b) => AreEqual(a, b, 0);

    // A list may hold itself: what lies deeper than anything real is equal to nothing.
    private static bool AreEqual(object? a, object? b, int depth) => (a, b) switch
    {
        (null, null) or (Undefined, Undefined) => true,
        (string x, string y) => x == y,
        (bool x, bool y) => x == y,
        (List<object?> x, List<object?> y) => ReferenceEquals(x, y) || (depth < 64 && x.Count == y.Count && x.Zip(y).All(p => AreEqual(p.First, p.Second, depth + 1))),
        _ => TryNumber(a, out double m) && TryNumber(b, out double n) && m.Equals(n),
    };

    public static bool TryNumber(object? value, out double number)
    {
        number = value switch { long l => l, double d => d, JsonNumber n => n.Value, bool b => b ? 1 : 0, _ => double.NaN };
        return !double.IsNaN(number);
    }

    public static object? Of(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
                foreach (var property in json.EnumerateObject())
                {
                    map[property.Name] = Of(property.Value);
                }

                return map;
            case JsonValueKind.Array:
                return json.EnumerateArray().Select(Of).ToList();
            case JsonValueKind.String:
                return json.GetString();
            case JsonValueKind.Number:
                return json.TryGetInt64(out long whole) ? whole : new JsonNumber(json.GetRawText(), json.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return json.GetBoolean();
            default:
                return null;
        }
    }
}
