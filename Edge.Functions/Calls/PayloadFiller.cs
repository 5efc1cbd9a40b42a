using System.Text.Json;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;

namespace Edge.Functions.Calls;

/// <summary>Puts a call's arguments into a message, so that none of them can leave its place.</summary>
internal static class PayloadFiller
{
    /// <summary>In UTF-16 units, after filling.</summary>
    private const int PayloadLengthMax = 4096;

    public static ActionPlanner.Step Fill(ActionTemplate.Publish publish, IReadOnlyDictionary<string, JsonElement> arguments)
    {
        foreach (string name in TemplateText.Placeholders(publish.Topic))
        {
            if (arguments.TryGetValue(name, out var value) && !FitsTopic(Plain(value)))
            {
                return new ActionPlanner.Step(new Denial("out-of-range", $"{name} is {value.GetRawText()}; a value in a topic has 1 to 64 characters and none of / + #."));
            }
        }

        string topic = TemplateText.Fill(publish.Topic, arguments, Plain);
        string payload = publish.Payload.ValueKind == JsonValueKind.String
            ? FillText(publish.Payload.GetString()!, arguments)
            : FillJson(publish.Payload, arguments);
        return payload.Length <= PayloadLengthMax
            ? new ActionPlanner.Step(new PublishAction(topic, payload, publish.Retain))
            : new ActionPlanner.Step(new Denial("out-of-range", $"The message has {payload.Length} characters; use at most {PayloadLengthMax}."));
    }

    private static bool FitsTopic(string text) =>
        text.Length is > 0 and <= 64 && !text.Any(c => c is '/' or '+' or '#' || char.IsControl(c));

    /// <summary>Text that looks like JSON takes its texts escaped, so that a quotation mark cannot end one.</summary>
    private static string FillText(string text, IReadOnlyDictionary<string, JsonElement> arguments)
    {
        bool isJson = text.TrimStart() is ['{' or '[', ..] && !TemplateText.StartsWithPlaceholder(text);
        return TemplateText.Fill(text, arguments, value => isJson && value.ValueKind == JsonValueKind.String
            ? JsonEncodedText.Encode(value.GetString()!).ToString()
            : Plain(value));
    }

    private static string FillJson(JsonElement template, IReadOnlyDictionary<string, JsonElement> arguments)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, template, arguments);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement template, IReadOnlyDictionary<string, JsonElement> arguments)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in template.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, arguments);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in template.EnumerateArray())
                {
                    Write(writer, item, arguments);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when template.GetString() is ['{', .. var name, '}'] && arguments.TryGetValue(name, out var value):
                // A text that is a placeholder and nothing else takes the argument as it is: a number stays one.
                value.WriteTo(writer);
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(TemplateText.Fill(template.GetString()!, arguments, Plain));
                break;
            default:
                template.WriteTo(writer);
                break;
        }
    }

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
