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

    private static bool Fits(string type, JsonElement value) => type switch
    {
        "int" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        "float" => value.ValueKind == JsonValueKind.Number,
        "bool" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
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
