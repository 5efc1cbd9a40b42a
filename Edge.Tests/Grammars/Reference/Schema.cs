using System.Runtime.CompilerServices;

namespace Edge.Tests.Grammars.Reference;

/// <summary>
/// JSON Schema draft 2020-12, validated keyword by keyword as the specification words it. Formats are asserted.
/// What the judge does not know is a NotSupportedException, never a guess.
/// </summary>
internal sealed class Schema(JsonTerm root)
{
    private const int DepthMax = 200;

    private static readonly HashSet<string> s_silent = new(StringComparer.Ordinal)
    {
        "$schema", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
    };

    public JsonTerm Root => root;

    public bool IsValid(JsonTerm value) => IsValid(root, value, 0);

    public bool IsValid(JsonTerm schema, JsonTerm value) => IsValid(schema, value, 0);

    /// <summary>The schema a local reference (<c>#</c> or <c>#/…</c>) points at.</summary>
    public JsonTerm Resolve(JsonTerm reference)
    {
        if (reference is not JsonTerm.Chars { Value: ['#', ..] pointer } || (pointer.Length > 1 && pointer[1] != '/'))
        {
            throw new NotSupportedException("Reference " + reference);
        }

        var at = root;
        foreach (string part in pointer.Split('/').Skip(1))
        {
            string key = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at switch
            {
                JsonTerm.Map map => map[key],
                JsonTerm.List list when int.TryParse(key, out int index) && index < list.Items.Count => list.Items[index],
                _ => null,
            } ?? throw new NotSupportedException("Nothing at " + pointer);
        }

        return at;
    }

    private bool IsValid(JsonTerm schema, JsonTerm value, int depth)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (depth > DepthMax)
        {
            throw new NotSupportedException("A reference runs in circles.");
        }

        return schema switch
        {
            JsonTerm.Flag flag => flag.Value,
            JsonTerm.Map map => map.Members.All(member => Holds(map, member.Key, member.Value, value, depth + 1)),
            _ => throw new NotSupportedException("A schema is an object, true or false."),
        };
    }

    private bool Holds(JsonTerm.Map schema, string keyword, JsonTerm rule, JsonTerm value, int depth)
    {
        switch (keyword)
        {
            case "$ref": return IsValid(Resolve(rule), value, depth);
            case "allOf": return Items(rule).All(part => IsValid(part, value, depth));
            case "anyOf": return Items(rule).Any(part => IsValid(part, value, depth));
            case "oneOf": return Items(rule).Count(part => IsValid(part, value, depth)) == 1;
            case "type": return rule is JsonTerm.List types ? types.Items.Any(type => IsOf(type, value)) : IsOf(rule, value);
            case "enum": return Items(rule).Any(item => JsonTerm.Same(item, value));
            case "const": return JsonTerm.Same(rule, value);
            case "$id" when ReferenceEquals(schema, root): return true;
            default:
                return s_silent.Contains(keyword) || (value switch
                {
                    JsonTerm.Number number => NumberHolds(keyword, rule, number.Value),
                    JsonTerm.Chars text => TextHolds(keyword, rule, text.Value),
                    JsonTerm.List list => ListHolds(schema, keyword, rule, list, depth),
                    JsonTerm.Map map => MapHolds(schema, keyword, rule, map, depth),
                    _ => null,
                } ?? IsForOthers(keyword));
        }
    }

    private static bool IsForOthers(string keyword) => keyword
        is "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf"
        or "minLength" or "maxLength" or "pattern" or "format"
        or "items" or "prefixItems" or "minItems" or "maxItems" or "uniqueItems"
        or "properties" or "required" or "additionalProperties" or "minProperties" or "maxProperties"
        ? true
        : throw new NotSupportedException("Keyword " + keyword);

    private static bool IsOf(JsonTerm type, JsonTerm value) => (type as JsonTerm.Chars)?.Value switch
    {
        "null" => value is JsonTerm.Null,
        "boolean" => value is JsonTerm.Flag,
        "integer" => value is JsonTerm.Number { Value.IsInteger: true },
        "number" => value is JsonTerm.Number,
        "string" => value is JsonTerm.Chars,
        "array" => value is JsonTerm.List,
        "object" => value is JsonTerm.Map,
        _ => throw new NotSupportedException("Type " + type),
    };

    private static bool? NumberHolds(string keyword, JsonTerm rule, Exact value) => keyword switch
    {
        "minimum" => value.CompareTo(Number(rule)) >= 0,
        "maximum" => value.CompareTo(Number(rule)) <= 0,
        "exclusiveMinimum" => value.CompareTo(Number(rule)) > 0,
        "exclusiveMaximum" => value.CompareTo(Number(rule)) < 0,
        "multipleOf" => value.IsMultipleOf(Number(rule)),
        _ => null,
    };

    private static bool? TextHolds(string keyword, JsonTerm rule, string value) => keyword switch
    {
        "minLength" => Pattern.CodePoints(value).Length >= Count(rule),
        "maxLength" => Pattern.CodePoints(value).Length <= Count(rule),
        "pattern" => Pattern.IsFoundIn(((JsonTerm.Chars)rule).Value, value),
        "format" => TextFormat.Holds(((JsonTerm.Chars)rule).Value, value),
        _ => null,
    };

    private bool? ListHolds(JsonTerm.Map schema, string keyword, JsonTerm rule, JsonTerm.List value, int depth)
    {
        switch (keyword)
        {
            case "minItems": return value.Items.Count >= Count(rule);
            case "maxItems": return value.Items.Count <= Count(rule);
            case "uniqueItems":
                return rule is JsonTerm.Flag { Value: false }
                    || value.Items.Select((item, i) => value.Items.Take(i).All(other => !JsonTerm.Same(other, item))).All(fresh => fresh);
            case "prefixItems": return Items(rule).Zip(value.Items).All(pair => IsValid(pair.First, pair.Second, depth));
            case "items":
                int prefix = schema["prefixItems"] is { } rules ? Items(rules).Count : 0;
                return value.Items.Skip(prefix).All(item => IsValid(rule, item, depth));
            default: return null;
        }
    }

    private bool? MapHolds(JsonTerm.Map schema, string keyword, JsonTerm rule, JsonTerm.Map value, int depth)
    {
        switch (keyword)
        {
            case "minProperties": return value.Members.Count >= Count(rule);
            case "maxProperties": return value.Members.Count <= Count(rule);
            case "required": return Items(rule).All(name => value[((JsonTerm.Chars)name).Value] is not null);
            case "properties": return ((JsonTerm.Map)rule).Members.All(declared => value[declared.Key] is not { } member || IsValid(declared.Value, member, depth));
            case "additionalProperties":
                var known = schema["properties"] as JsonTerm.Map;
                return value.Members.All(member => known?[member.Key] is not null || IsValid(rule, member.Value, depth));
            default: return null;
        }
    }

    public static IReadOnlyList<JsonTerm> Items(JsonTerm rule) => ((JsonTerm.List)rule).Items;

    public static Exact Number(JsonTerm rule) => ((JsonTerm.Number)rule).Value;

    public static int Count(JsonTerm rule) => Number(rule).CompareTo(Exact.Parse("1000000")) > 0 ? 1_000_000 : int.Parse(Number(rule).ToString(), System.Globalization.CultureInfo.InvariantCulture);
}
