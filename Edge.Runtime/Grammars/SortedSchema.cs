using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>A schema whose properties come in alphabetical order, for models that were trained on it.</summary>
internal static class SortedSchema
{
    public static JsonElement Of(JsonElement schema)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            Write(json, schema, isProperties: false);
        }

        using var document = JsonDocument.Parse(bytes.ToArray());
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, JsonElement value, bool isProperties)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                IEnumerable<JsonProperty> members = value.EnumerateObject();
                foreach (var member in isProperties ? members.OrderBy(m => m.Name, StringComparer.OrdinalIgnoreCase) : members)
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value, !isProperties && member.Name == "properties");
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(json, item, isProperties: false);
                }

                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
