using System.Buffers;
using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>Enumeration values match without regard to case while decoding; a call carries them as they were declared.</summary>
internal static class DeclaredSpelling
{
    public static JsonElement Restore(JsonElement value, JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value, schema);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, JsonElement? schema)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value, Find(Find(schema, "properties"), member.Name));
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item, Find(schema, "items"));
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Spelling(value.GetString()!, Find(schema, "enum")));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string Spelling(string said, JsonElement? listed)
    {
        if (listed is not { ValueKind: JsonValueKind.Array } list)
        {
            return said;
        }

        var values = list.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!).ToList();
        return values.Contains(said) ? said : values.Find(v => string.Equals(v, said, StringComparison.OrdinalIgnoreCase)) ?? said;
    }

    private static JsonElement? Find(JsonElement? schema, string name) =>
        schema is { ValueKind: JsonValueKind.Object } s && s.TryGetProperty(name, out var value) ? value : null;
}
