using System.Text.Json;
using Edge.Tests.Fakes;

namespace Edge.Tests.Mqtt.HomeAssistant;

/// <summary>Home Assistant's documentation of its components as data (components.txt), and what of a component does not follow it.</summary>
internal static class ComponentSchema
{
    private static readonly List<(string Platform, string Field, string Type, bool Required)> Fields = Read();

    public static IEnumerable<string> FaultsOf(string key, JsonElement component)
    {
        string platform = component.GetProperty("platform").GetString()!;
        var known = Fields.Where(f => f.Platform == "*" || f.Platform == platform).ToList();
        if (known.TrueForAll(f => f.Platform == "*"))
        {
            yield return $"{key}: there is no platform {platform}";
        }

        foreach (var field in component.EnumerateObject())
        {
            var rule = known.Find(f => f.Field == field.Name);
            if (rule.Field is null)
            {
                yield return $"{key}: {platform} has no {field.Name}";
            }
            else if (!Fits(rule.Type, field.Value))
            {
                yield return $"{key}: {field.Name} is no {rule.Type}: {field.Value.GetRawText()}";
            }
        }

        foreach (var rule in known.Where(f => f.Required && !component.TryGetProperty(f.Field, out _)))
        {
            yield return $"{key}: {rule.Field} is missing";
        }
    }

    /// <summary>The rest of the payload: "Device discovery payload" on home-assistant.io's MQTT page, and the device's own fields.</summary>
    public static IEnumerable<string> FaultsOfDevice(JsonElement payload)
    {
        string[] top = ["device", "origin", "components", "availability", "availability_topic", "availability_mode", "availability_template", "payload_available", "payload_not_available", "command_topic", "state_topic", "qos", "encoding"];
        string[] device = ["configuration_url", "connections", "hw_version", "identifiers", "manufacturer", "model", "model_id", "name", "serial_number", "suggested_area", "sw_version", "via_device"];
        string[] origin = ["name", "sw_version", "support_url"];
        foreach (var field in payload.EnumerateObject().Where(f => !top.Contains(f.Name)))
        {
            yield return $"the payload has no {field.Name}";
        }

        foreach (var field in payload.GetProperty("device").EnumerateObject().Where(f => !device.Contains(f.Name)))
        {
            yield return $"a device has no {field.Name}";
        }

        foreach (var field in payload.GetProperty("origin").EnumerateObject().Where(f => !origin.Contains(f.Name) || f.Value.ValueKind != JsonValueKind.String))
        {
            yield return $"an origin has no {field.Name}";
        }

        if (!payload.GetProperty("device").TryGetProperty("identifiers", out var ids) || ids.GetArrayLength() == 0)
        {
            yield return "neither identifiers nor connections";
        }

        if (!payload.GetProperty("origin").TryGetProperty("name", out _))
        {
            yield return "origin.name is missing";
        }
    }

    private static bool Fits(string type, JsonElement value) => type switch
    {
        "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        "float" => value.ValueKind == JsonValueKind.Number,
        "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ['o', 'n', 'e', '(', .. var choices, ')'] => value.ValueKind == JsonValueKind.String && choices.Split('|').Contains(value.GetString()),
        "map" => value.ValueKind == JsonValueKind.Object,
        "class" => value.ValueKind == JsonValueKind.String && value.GetString()!.All(c => char.IsAsciiLetterLower(c) || c is '_' or >= '0' and <= '9'),
        "list" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String),
        "topic" => value.ValueKind == JsonValueKind.String && value.GetString()!.AsSpan().IndexOfAny('+', '#') < 0,
        "template" => value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith("{{", StringComparison.Ordinal) && value.GetString()!.EndsWith("}}", StringComparison.Ordinal),

        // null switches a payload off.
        _ => value.ValueKind is JsonValueKind.String or JsonValueKind.Null,
    };

    private static List<(string, string, string, bool)> Read() =>
        [.. File.ReadLines(Path.Combine(Repository.Root, "Edge.Tests/Mqtt/HomeAssistant/components.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
            .Select(part => (part[0], part[1].TrimEnd('!'), part[2], part[1].EndsWith('!')))];
}
