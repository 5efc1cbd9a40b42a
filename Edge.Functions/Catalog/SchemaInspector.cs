using System.Text.Json;
using System.Text.RegularExpressions;

namespace Edge.Functions.Catalog;

/// <summary>Looks once at everything <see cref="JsonSchema"/> relies on, so that a wrong schema stops the start and not a call.</summary>
internal sealed class SchemaInspector
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(100);

    private static readonly HashSet<string> Annotations =
    [
        "title", "description", "default", "examples", "format", "$defs", "definitions", "$schema", "$id", "$comment",
        "deprecated", "readOnly", "writeOnly", "example",
    ];

    private static readonly HashSet<string> Keywords =
    [
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
        "pattern", "items", "minItems", "maxItems", "properties", "required", "additionalProperties", "anyOf", "oneOf", "allOf", "$ref", "nullable",
    ];

    private readonly JsonElement _root;
    private readonly Dictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    private SchemaInspector(JsonElement root) => _root = root;

    /// <returns>The patterns it uses, compiled.</returns>
    /// <exception cref="FormatException">It uses what is not supported; the message names it.</exception>
    public static IReadOnlyDictionary<string, Regex> Inspect(JsonElement root)
    {
        var inspector = new SchemaInspector(root);
        inspector.InspectSchema(root, "parameters", 0);
        return inspector._patterns;
    }

    private void InspectSchema(JsonElement schema, string path, int depth)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object || depth > JsonSchema.DepthMax)
        {
            throw new FormatException(depth > JsonSchema.DepthMax ? $"{path} is nested more than {JsonSchema.DepthMax} levels deep" : $"{path} is {SchemaWords.Say(schema)}; use a JSON Schema object");
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            string at = $"{path}.{keyword.Name}";
            if (!Keywords.Contains(keyword.Name))
            {
                if (Annotations.Contains(keyword.Name) || keyword.Name.StartsWith("x-", StringComparison.Ordinal))
                {
                    continue;
                }

                throw new FormatException($"{at} is not supported; leave it out");
            }

            InspectKeyword(keyword.Name, keyword.Value, at, depth);
        }
    }

    private void InspectKeyword(string keyword, JsonElement value, string at, int depth)
    {
        switch (keyword)
        {
            case "type":
                var types = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value];
                Require(types.Count > 0 && types.TrueForAll(t => t.ValueKind == JsonValueKind.String
                    && t.GetString() is "string" or "number" or "integer" or "boolean" or "array" or "object" or "null"), at, value, "string, number, integer, boolean, array, object or null");
                break;
            case "enum":
                Require(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0, at, value, "a list of choices");
                break;
            case "const":
                break;
            case "nullable":
                Require(value.ValueKind is JsonValueKind.True or JsonValueKind.False, at, value, "true or false");
                break;
            case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum":
                Require(JsonSchema.IsFinite(value), at, value, "a number");
                break;
            case "multipleOf":
                Require(JsonSchema.IsFinite(value) && value.GetDouble() > 0, at, value, "a number above 0");
                break;
            case "minLength" or "maxLength" or "minItems" or "maxItems":
                Require(JsonSchema.IsFinite(value) && value.GetDouble() >= 0, at, value, "a count");
                break;
            case "pattern":
                Require(value.ValueKind == JsonValueKind.String, at, value, "a regular expression");
                _patterns[value.GetString()!] = ReadPattern(value.GetString()!, at);
                break;
            case "required":
                Require(value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(n => n.ValueKind == JsonValueKind.String), at, value, "a list of names");
                break;
            case "properties":
                Require(value.ValueKind == JsonValueKind.Object, at, value, "name: schema");
                foreach (var property in value.EnumerateObject())
                {
                    InspectSchema(property.Value, $"{at}.{property.Name}", depth + 1);
                }

                break;
            case "items" or "additionalProperties":
                InspectSchema(value, at, depth + 1);
                break;
            case "anyOf" or "oneOf" or "allOf":
                Require(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0, at, value, "a list of schemas");
                foreach (var part in value.EnumerateArray())
                {
                    InspectSchema(part, at, depth + 1);
                }

                break;
            case "$ref":
                InspectReference(value, at, depth);
                break;
        }
    }

    private void InspectReference(JsonElement value, string at, int depth)
    {
        Require(value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith("#/", StringComparison.Ordinal), at, value, "a reference into the same schema, as #/$defs/name");
        JsonElement target;
        try
        {
            target = JsonSchema.Resolve(_root, value.GetString()!);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{at} is {value.GetString()}, which is not there; define it under $defs");
        }

        // A schema that contains itself would need a limit on the value instead; nothing an owner declares does.
        InspectSchema(target, at, depth + 1);
    }

    private static Regex ReadPattern(string pattern, string at)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, PatternTime);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"{at} is {SchemaWords.Quote(pattern)}, which is not a plain regular expression; use one without look-around and back-references", e);
        }
    }

    private static void Require(bool fits, string at, JsonElement value, string wanted)
    {
        if (!fits)
        {
            throw new FormatException($"{at} is {SchemaWords.Say(value)}; use {wanted}");
        }
    }
}
