using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Functions.Catalog;

namespace Edge.Runtime.Prompts;

/// <summary>
/// OpenAI metadata in one line, as the shipped model was trained on it: <c>name(param: type, param?: type) - description</c>.
/// </summary>
public static class Signature
{
    public static string Of(FunctionDefinition function)
    {
        var text = new StringBuilder(function.Name).Append('(');
        var schema = function.Parameters;
        var required = schema.TryGetProperty("required", out var r) && r.ValueKind == JsonValueKind.Array
            ? r.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!).ToHashSet()
            : [];
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            string separator = "";
            foreach (var property in properties.EnumerateObject())
            {
                text.Append(separator).Append(property.Name).Append(required.Contains(property.Name) ? ": " : "?: ").Append(TypeOf(property.Value));
                separator = ", ";
            }
        }

        text.Append(')');
        if (function.Description.Length > 0)
        {
            text.Append(" - ").Append(function.Description.ReplaceLineEndings(" "));
        }

        return text.ToString();
    }

    private static string TypeOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return "string";
        }

        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array)
        {
            return "[" + string.Join('|', values.EnumerateArray().Select(v => v.ToString())) + "]";
        }

        return TypeName(schema) switch
        {
            "boolean" => "bool",
            "integer" => "int" + Range(schema),
            "number" => "number" + Range(schema),
            var other => other,
        };
    }

    private static string TypeName(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return "string";
        }

        return type.ValueKind == JsonValueKind.String
            ? type.GetString()!
            : type.EnumerateArray().Select(t => t.ToString()).FirstOrDefault(t => t != "null") ?? "string";
    }

    private static string Range(JsonElement schema) =>
        schema.TryGetProperty("minimum", out var min) && schema.TryGetProperty("maximum", out var max)
            ? string.Create(CultureInfo.InvariantCulture, $" {min}..{max}")
            : "";
}
