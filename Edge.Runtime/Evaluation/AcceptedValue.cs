using System.Text.Json;
using System.Text.RegularExpressions;

namespace Edge.Runtime.Evaluation;

/// <summary>When a value given counts as one of the accepted ones (the Berkeley leaderboard's rules, as stated beside the suites).</summary>
internal static partial class AcceptedValue
{
    /// <param name="accepted">The list; a null in it speaks of leaving out and equals no value.</param>
    /// <param name="schema">What is declared for the value; anything but an object says nothing.</param>
    public static bool IsIn(IReadOnlyList<JsonElement> accepted, JsonElement given, JsonElement schema)
    {
        foreach (var value in accepted)
        {
            if (value.ValueKind != JsonValueKind.Null && Equal(value, given, schema))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the list lets the argument be left out.</summary>
    public static bool MayBeLeftOut(IReadOnlyList<JsonElement> accepted) => accepted.Any(value => value.ValueKind == JsonValueKind.Null);

    private static bool Equal(JsonElement accepted, JsonElement given, JsonElement schema) => (accepted.ValueKind, given.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => Normal(Words(accepted)) == Normal(Words(given)),
        (JsonValueKind.Number, JsonValueKind.Number) => EqualNumbers(accepted, given, schema),
        (JsonValueKind.Array, JsonValueKind.Array) => EqualLists(accepted, given, Inner(schema, "items")),
        (JsonValueKind.Object, JsonValueKind.Object) => EqualObjects(accepted, given, Inner(schema, "properties")),
        var (left, right) => left == right,
    };

    // An integer is accepted where a number is declared, but 5.0 is not one where an integer is.
    private static bool EqualNumbers(JsonElement accepted, JsonElement given, JsonElement schema)
    {
        bool wantsInteger = Inner(schema, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("integer");
        if (wantsInteger && given.GetRawText().AsSpan().ContainsAny('.', 'e', 'E'))
        {
            return false;
        }

        // Decimal first: doubles would let 9007199254740993 pass for its neighbour.
        return accepted.TryGetDecimal(out decimal left) && given.TryGetDecimal(out decimal right)
            ? left == right
            : accepted.GetDouble().Equals(given.GetDouble());
    }

    private static bool EqualLists(JsonElement accepted, JsonElement given, JsonElement items) =>
        accepted.GetArrayLength() == given.GetArrayLength()
        && accepted.EnumerateArray().Zip(given.EnumerateArray()).All(pair => Equal(pair.First, pair.Second, items));

    // Inside an accepted object every member is again a list of accepted values.
    private static bool EqualObjects(JsonElement accepted, JsonElement given, JsonElement properties)
    {
        foreach (var member in given.EnumerateObject())
        {
            if (!accepted.TryGetProperty(member.Name, out var values) || !IsIn(Alternatives(values), member.Value, Inner(properties, member.Name)))
            {
                return false;
            }
        }

        return accepted.EnumerateObject().All(member => given.TryGetProperty(member.Name, out _) || MayBeLeftOut(Alternatives(member.Value)));
    }

    private static List<JsonElement> Alternatives(JsonElement values) =>
        values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray()] : [values];

    private static JsonElement Inner(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var inner) ? inner : default;

    // A model without a grammar may write half a surrogate pair as an escape, which no string can hold: then it is what it wrote.
    private static string Words(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText();
        }
    }

    private static string Normal(string text) => Ignored().Replace(text, "").ToLowerInvariant();

    [GeneratedRegex(@"[ ,./\-_*^]")]
    private static partial Regex Ignored();
}
