using System.Collections.Frozen;
using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>Which keywords of JSON Schema 2020-12 a grammar knows, and which of them say nothing about validity.</summary>
internal static class SchemaKeywords
{
    private static readonly FrozenSet<string> Enforced = FrozenSet.Create(
        "type", "enum", "const", "properties", "required", "additionalProperties", "minProperties", "maxProperties",
        "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "format",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "anyOf", "oneOf", "allOf", "$ref");

    private static readonly FrozenSet<string> Annotations = FrozenSet.Create(
        "title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly", "$comment", "$schema", "$defs", "definitions");

    /// <summary>The types a schema may name, in the order in which a grammar offers them.</summary>
    public static readonly string[] Types = ["string", "integer", "number", "boolean", "array", "object", "null"];

    /// <exception cref="SchemaFault">A keyword is not known.</exception>
    public static void Check(SchemaPart part)
    {
        foreach (var member in part.Schema.EnumerateObject())
        {
            bool rootId = member.NameEquals("$id") && part.Pointer.Length == 0;
            if (!Enforced.Contains(member.Name) && !Annotations.Contains(member.Name) && !rootId)
            {
                throw part.Fault(member.Name, $"the keyword {member.Name} cannot be enforced; remove it, or say it with {Suggestion(member.Name)}.");
            }
        }
    }

    /// <summary>Whether a keyword restricts values by itself; annotations do not, nor do those that only lead to other schemas.</summary>
    public static bool IsCondition(string keyword) => Enforced.Contains(keyword) && keyword is not ("anyOf" or "oneOf" or "allOf" or "$ref");

    /// <summary>The types that <paramref name="part"/> allows; a number type includes integers.</summary>
    public static HashSet<string> TypesOf(SchemaPart part)
    {
        if (part.Find("type") is not { } type)
        {
            return [.. Types];
        }

        var names = type.ValueKind switch
        {
            JsonValueKind.String => new List<JsonElement> { type },
            JsonValueKind.Array => [.. type.EnumerateArray()],
            _ => throw part.Fault("type", $"{type.GetRawText()} must be a type's name or a list of them."),
        };
        var result = new HashSet<string>();
        foreach (var name in names)
        {
            string? text = name.ValueKind == JsonValueKind.String ? name.GetString() : null;
            if (text is null || !Types.Contains(text))
            {
                throw part.Fault("type", $"{name.GetRawText()} is no type; use one of {string.Join(", ", Types)}.");
            }

            result.Add(text);
            if (text == "number")
            {
                result.Add("integer");
            }
        }

        return result;
    }

    private static string Suggestion(string keyword) => keyword switch
    {
        "not" or "if" or "then" or "else" => "enum, or anyOf with one schema a case",
        "patternProperties" or "propertyNames" => "properties and additionalProperties",
        "contains" or "minContains" or "maxContains" => "prefixItems or items",
        _ => "type, enum, properties, items, pattern or bounds",
    };
}
