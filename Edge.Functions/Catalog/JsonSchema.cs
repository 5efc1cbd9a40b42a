using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Edge.Functions.Settings;

namespace Edge.Functions.Catalog;

/// <summary>A value that breaks its schema.</summary>
/// <param name="Code"><c>missing-argument</c>, <c>unknown-argument</c>, <c>wrong-type</c>, <c>not-a-choice</c>, <c>out-of-range</c>.</param>
/// <param name="Message">One sentence: the value, the limit, the way out.</param>
public sealed record SchemaViolation(string Code, string Message);

/// <summary>
/// The part of JSON Schema (draft 2020-12) that function metadata uses. A keyword that restricts and is not known here is refused when
/// the schema is read: a limit nobody checks is no limit.
/// </summary>
public sealed class JsonSchema
{
    /// <summary>Of a schema and of a value.</summary>
    public const int DepthMax = 16;

    /// <summary>Of a text without a maxLength of its own.</summary>
    public const int TextLengthMax = 1024;

    private readonly JsonElement _root;
    private readonly IReadOnlyDictionary<string, Regex> _patterns;

    private JsonSchema(JsonElement root, IReadOnlyDictionary<string, Regex> patterns)
    {
        _root = root;
        _patterns = patterns;
    }

    /// <param name="schema">Of type object, as a function's parameters are.</param>
    /// <exception cref="FormatException">It uses what is not supported; the message names it.</exception>
    public static JsonSchema Parse(JsonElement schema)
    {
        var root = schema.Clone();
        return new JsonSchema(root, SchemaInspector.Inspect(root));
    }

    /// <summary>Checks a call's arguments, which may hold nothing undeclared.</summary>
    /// <returns>The arguments with choices spelled as declared; or the first violation.</returns>
    public (IReadOnlyDictionary<string, JsonElement> Arguments, SchemaViolation? Violation) CheckArguments(JsonElement arguments)
    {
        var checkedOnes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        try
        {
            if (arguments.ValueKind != JsonValueKind.Object)
            {
                throw new Violated("wrong-type", $"The arguments are {SchemaWords.Say(arguments)}; give a JSON object.");
            }

            foreach (var property in CheckObject(_root, arguments, "", strict: true, 0))
            {
                checkedOnes[property.Name] = property.Value;
            }

            return (checkedOnes, null);
        }
        catch (Violated violated)
        {
            return (checkedOnes, violated.Violation);
        }
    }

    private JsonElement Check(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (depth > DepthMax)
        {
            throw new Violated("wrong-type", $"{path} is nested more than {DepthMax} levels deep.");
        }

        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.ValueKind == JsonValueKind.True ? value : throw new Violated("unknown-argument", $"{path} is not allowed.");
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            value = Check(Resolve(_root, reference.GetString()!), value, path, depth + 1);
        }

        if (value.ValueKind == JsonValueKind.Null && schema.TryGetProperty("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True)
        {
            return value;
        }

        CheckType(schema, value, path);
        value = CheckChoice(schema, value, path);
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                CheckNumber(schema, value, path);
                break;
            case JsonValueKind.String:
                CheckText(schema, value.GetString()!, path);
                break;
            case JsonValueKind.Array:
                value = CheckArray(schema, value, path, depth);
                break;
            case JsonValueKind.Object:
                value = Rebuild(CheckObject(schema, value, path, strict: false, depth));
                break;
        }

        return CheckCombined(schema, value, path, depth);
    }

    private JsonElement CheckCombined(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var part in all.EnumerateArray())
            {
                value = Check(part, value, path, depth + 1);
            }
        }

        foreach (string keyword in (string[])["anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(keyword, out var parts))
            {
                value = CheckAlternatives(parts, value, path, depth, exactlyOne: keyword == "oneOf");
            }
        }

        return value;
    }

    private JsonElement CheckAlternatives(JsonElement parts, JsonElement value, string path, int depth, bool exactlyOne)
    {
        Violated? first = null;
        JsonElement? match = null;
        int matches = 0;
        foreach (var part in parts.EnumerateArray())
        {
            try
            {
                var found = Check(part, value, path, depth + 1);
                match ??= found;
                matches++;
            }
            catch (Violated violated)
            {
                first ??= violated;
            }
        }

        if (matches == 0 || (exactlyOne && matches > 1))
        {
            throw first ?? new Violated("not-a-choice", $"{path} is {SchemaWords.Say(value)}, which fits more than one of its forms.");
        }

        return match!.Value;
    }

    private static void CheckType(JsonElement schema, JsonElement value, string path)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return;
        }

        bool fits = type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(t => Is(value, t.GetString()!))
            : Is(value, type.GetString()!);
        if (!fits)
        {
            string wanted = type.ValueKind == JsonValueKind.Array
                ? string.Join(" or ", type.EnumerateArray().Select(t => SchemaWords.Article(t.GetString()!)))
                : SchemaWords.Article(type.GetString()!);
            throw new Violated("wrong-type", $"{path} is {SchemaWords.Say(value)}; use {wanted}{SchemaWords.Range(schema)}.");
        }
    }

    /// <summary>An integer may be written 5.0: JSON Schema counts any number with a zero fraction as one.</summary>
    private static bool Is(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => IsFinite(value),
        "integer" => IsFinite(value) && value.GetDouble() % 1 == 0,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => value.ValueKind == JsonValueKind.Null,
    };

    internal static bool IsFinite(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number);

    /// <summary>Texts are compared without regard to case; the declared spelling is carried on.</summary>
    private static JsonElement CheckChoice(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("const", out var constant))
        {
            return Same(constant, value) ? constant : throw new Violated("not-a-choice", $"{path} is {SchemaWords.Say(value)}; use {SchemaWords.Say(constant)}.");
        }

        if (!schema.TryGetProperty("enum", out var choices))
        {
            return value;
        }

        // An exact match wins, so that choices which differ in case alone stay apart.
        foreach (var same in (Func<JsonElement, JsonElement, bool>[])[JsonElement.DeepEquals, Same])
        {
            foreach (var choice in choices.EnumerateArray())
            {
                if (same(choice, value))
                {
                    return choice;
                }
            }
        }

        throw new Violated("not-a-choice", $"{path} is {SchemaWords.Say(value)}; use {SchemaWords.Choices(choices, value)}.");
    }

    private static bool Same(JsonElement a, JsonElement b) => a.ValueKind == JsonValueKind.String && b.ValueKind == JsonValueKind.String
        ? string.Equals(a.GetString(), b.GetString(), StringComparison.OrdinalIgnoreCase)
        : JsonElement.DeepEquals(a, b);

    private static void CheckNumber(JsonElement schema, JsonElement value, string path)
    {
        if (!IsFinite(value))
        {
            throw new Violated("out-of-range", $"{path} is {SchemaWords.Say(value)}, which is too large a number.");
        }

        double number = value.GetDouble();
        bool outside = (SchemaWords.Limit(schema, "minimum") is { } min && number < min)
            || (SchemaWords.Limit(schema, "maximum") is { } max && number > max)
            || (SchemaWords.Limit(schema, "exclusiveMinimum") is { } above && number <= above)
            || (SchemaWords.Limit(schema, "exclusiveMaximum") is { } below && number >= below);
        if (outside)
        {
            throw new Violated("out-of-range", $"{path} is {SchemaWords.Say(value)}; use{SchemaWords.Range(schema)}.");
        }

        if (SchemaWords.Limit(schema, "multipleOf") is { } step && Math.Abs((number / step) - Math.Round(number / step)) > 1e-9)
        {
            throw new Violated("out-of-range", string.Create(CultureInfo.InvariantCulture, $"{path} is {SchemaWords.Say(value)}; use a multiple of {step}."));
        }
    }

    private void CheckText(JsonElement schema, string text, string path)
    {
        double max = SchemaWords.Limit(schema, "maxLength") ?? TextLengthMax;
        double min = SchemaWords.Limit(schema, "minLength") ?? 0;
        if (text.Length > max || text.Length < min)
        {
            throw new Violated("out-of-range", string.Create(CultureInfo.InvariantCulture, $"{path} has {text.Length} characters; use {min} to {max}."));
        }

        if (schema.TryGetProperty("pattern", out var pattern) && !_patterns[pattern.GetString()!].IsMatch(text))
        {
            throw new Violated("out-of-range", $"{path} is {SchemaWords.Quote(text)}; use text that matches {pattern.GetString()}.");
        }
    }

    private JsonElement CheckArray(JsonElement schema, JsonElement value, string path, int depth)
    {
        int count = value.GetArrayLength();
        double max = SchemaWords.Limit(schema, "maxItems") ?? 256;
        double min = SchemaWords.Limit(schema, "minItems") ?? 0;
        if (count > max || count < min)
        {
            throw new Violated("out-of-range", string.Create(CultureInfo.InvariantCulture, $"{path} has {count} entries; use {min} to {max}."));
        }

        if (!schema.TryGetProperty("items", out var items))
        {
            return value;
        }

        var entries = value.EnumerateArray().Select((entry, i) => Check(items, entry, $"{path}[{i}]", depth + 1)).ToList();
        return Write(writer =>
        {
            writer.WriteStartArray();
            entries.ForEach(entry => entry.WriteTo(writer));
            writer.WriteEndArray();
        });
    }

    private List<(string Name, JsonElement Value)> CheckObject(JsonElement schema, JsonElement value, string path, bool strict, int depth)
    {
        string Named(string name) => path.Length == 0 ? name : $"{path}.{name}";
        var properties = schema.TryGetProperty("properties", out var p) ? p : default;
        var declared = properties.ValueKind == JsonValueKind.Object ? properties.EnumerateObject().Select(x => x.Name).ToList() : [];
        bool open = schema.TryGetProperty("additionalProperties", out var additional) ? additional.ValueKind != JsonValueKind.False : !strict;
        var checkedOnes = new List<(string, JsonElement)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (!seen.Add(property.Name))
            {
                throw new Violated("unknown-argument", $"{Named(property.Name)} is given twice; give it once.");
            }

            if (declared.Contains(property.Name))
            {
                checkedOnes.Add((property.Name, Check(properties.GetProperty(property.Name), property.Value, Named(property.Name), depth + 1)));
                continue;
            }

            if (!open)
            {
                string? nearest = NearestName.Find(property.Name, declared);
                string wayOut = declared.Count == 0 ? "it takes none" : nearest is null ? "use " + string.Join(", ", declared) : $"did you mean {nearest}?";
                throw new Violated("unknown-argument", $"{SchemaWords.Quote(Named(property.Name))} is no argument here; {wayOut}{(wayOut.EndsWith('?') ? "" : ".")}");
            }

            var entry = additional.ValueKind == JsonValueKind.Object ? Check(additional, property.Value, Named(property.Name), depth + 1) : property.Value;
            checkedOnes.Add((property.Name, entry));
        }

        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                if (!seen.Contains(name.GetString()!))
                {
                    throw new Violated("missing-argument", $"{Named(name.GetString()!)} is missing; give it.");
                }
            }
        }

        return checkedOnes;
    }

    /// <exception cref="KeyNotFoundException">It leads nowhere.</exception>
    internal static JsonElement Resolve(JsonElement root, string reference)
    {
        var target = root;
        foreach (string part in reference[2..].Split('/'))
        {
            target = target.GetProperty(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        }

        return target;
    }

    private static JsonElement Rebuild(List<(string Name, JsonElement Value)> properties) => Write(writer =>
    {
        writer.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    });

    private static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    /// <summary>Leaves the recursion at the first violation; never leaves this class.</summary>
    private sealed class Violated(string code, string message) : Exception(message)
    {
        public SchemaViolation Violation { get; } = new(code, message);
    }
}
