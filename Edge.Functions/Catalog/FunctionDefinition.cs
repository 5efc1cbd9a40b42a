using System.Text.Json;

namespace Edge.Functions.Catalog;

/// <summary>What a model may call: OpenAI's function metadata.</summary>
/// <param name="Name">Unique in a catalogue; letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</param>
/// <param name="Description">One sentence for the model; may be empty.</param>
/// <param name="Parameters">A JSON Schema of type object (draft 2020-12); the order of its properties is the order of the arguments.</param>
public sealed record FunctionDefinition(string Name, string Description, JsonElement Parameters)
{
    /// <summary>Reads <c>{"type":"function","function":{"name",…}}</c> or the inner object alone.</summary>
    /// <exception cref="FormatException">The metadata has no name or its parameters are not an object; the message says which.</exception>
    public static FunctionDefinition Parse(JsonElement tool)
    {
        var function = tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var inner) ? inner : tool;
        if (function.ValueKind != JsonValueKind.Object || !function.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
        {
            throw new FormatException("A function needs a \"name\" that is a string.");
        }

        string description = function.TryGetProperty("description", out var d) && d.ValueKind == JsonValueKind.String ? d.GetString()! : "";
        return new FunctionDefinition(name.GetString()!, description, ReadParameters(function, name.GetString()!));
    }

    /// <summary>Writes OpenAI's form, <c>{"type":"function","function":{…}}</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", Name);
        writer.WriteString("description", Description);
        writer.WritePropertyName("parameters");
        Parameters.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static JsonElement ReadParameters(JsonElement function, string name)
    {
        if (!function.TryGetProperty("parameters", out var parameters))
        {
            using var none = JsonDocument.Parse("""{"type":"object","properties":{}}""");
            return none.RootElement.Clone();
        }

        return parameters.ValueKind == JsonValueKind.Object
            ? parameters.Clone()
            : throw new FormatException($"The \"parameters\" of function {name} must be a JSON Schema object, not {parameters.ValueKind}.");
    }
}
