using System.Globalization;
using System.Text.Json;

namespace Edge.Functions.Settings;

/// <summary>YAML nodes as JSON, by the YAML 1.2 JSON schema: only unquoted text can be a number, a truth value or null.</summary>
internal static class SettingsJson
{
    public static JsonElement Convert(SettingsNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, node);
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, SettingsNode node)
    {
        switch (node)
        {
            case SettingsNode.Scalar scalar:
                WriteScalar(writer, scalar);
                break;
            case SettingsNode.Sequence sequence:
                writer.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case SettingsNode.Mapping mapping:
                writer.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    writer.WritePropertyName(entry.Key);
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, SettingsNode.Scalar scalar)
    {
        string text = scalar.Text;
        if (scalar.IsNothing)
        {
            writer.WriteNullValue();
        }
        else if (scalar.Plain && text is ("true" or "false"))
        {
            writer.WriteBooleanValue(text == "true");
        }
        else if (scalar.Plain && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            writer.WriteNumberValue(integer);
        }
        else if (scalar.Plain && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }
}
