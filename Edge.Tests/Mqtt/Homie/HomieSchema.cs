using System.Globalization;
using System.Text.Json;

namespace Edge.Tests.Mqtt.Homie;

/// <summary>The Homie 5.0 convention of a description document as data: field, type, whether it is required; and what of a document breaks it.</summary>
internal static class HomieSchema
{
    private static readonly (string Field, JsonValueKind Kind, bool Required)[] Device =
    [
        ("homie", JsonValueKind.String, true), ("version", JsonValueKind.Number, true), ("nodes", JsonValueKind.Object, false), ("name", JsonValueKind.String, false),
        ("type", JsonValueKind.String, false), ("children", JsonValueKind.Array, false), ("root", JsonValueKind.String, false), ("parent", JsonValueKind.String, false),
        ("extensions", JsonValueKind.Array, false),
    ];

    private static readonly (string Field, JsonValueKind Kind, bool Required)[] Node =
        [("name", JsonValueKind.String, false), ("type", JsonValueKind.String, false), ("properties", JsonValueKind.Object, false)];

    private static readonly (string Field, JsonValueKind Kind, bool Required)[] Property =
    [
        ("name", JsonValueKind.String, false), ("datatype", JsonValueKind.String, true), ("format", JsonValueKind.String, false),
        ("settable", JsonValueKind.True, false), ("retained", JsonValueKind.True, false), ("unit", JsonValueKind.String, false),
    ];

    private static readonly string[] Datatypes = ["integer", "float", "boolean", "string", "enum", "color", "datetime", "duration", "json"];

    public static IEnumerable<string> FaultsOf(JsonElement document)
    {
        var faults = Fields("device", document, Device).ToList();
        if (document.GetProperty("homie").GetString() != "5.0")
        {
            faults.Add("homie is not 5.0");
        }

        foreach (var node in document.GetProperty("nodes").EnumerateObject())
        {
            faults.AddRange(IdFaults(node.Name).Concat(Fields(node.Name, node.Value, Node)));
            foreach (var property in node.Value.GetProperty("properties").EnumerateObject())
            {
                faults.AddRange(IdFaults(property.Name).Concat(Fields($"{node.Name}/{property.Name}", property.Value, Property)).Concat(FormatFaults($"{node.Name}/{property.Name}", property.Value)));
            }
        }

        return faults;
    }

    /// <summary>Lower-case letters, digits, hyphens.</summary>
    private static IEnumerable<string> IdFaults(string id) => id.Length > 0 && id.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-') ? [] : [$"{id} is no topic id"];

    private static IEnumerable<string> Fields(string where, JsonElement json, (string Field, JsonValueKind Kind, bool Required)[] rules)
    {
        foreach (var field in json.EnumerateObject())
        {
            var rule = rules.FirstOrDefault(r => r.Field == field.Name);
            var kind = field.Value.ValueKind == JsonValueKind.False ? JsonValueKind.True : field.Value.ValueKind;
            if (rule.Field is null || rule.Kind != kind)
            {
                yield return $"{where}: {field.Name} is not known or has the wrong type";
            }
        }

        foreach (var rule in rules.Where(r => r.Required && !json.TryGetProperty(r.Field, out _)))
        {
            yield return $"{where}: {rule.Field} is missing";
        }
    }

    private static IEnumerable<string> FormatFaults(string where, JsonElement property)
    {
        string datatype = property.GetProperty("datatype").GetString()!;
        string? format = property.TryGetProperty("format", out var given) ? given.GetString() : null;
        bool isRight = datatype switch
        {
            "enum" => format is not null && format.Split(',') is var values && values.All(v => v.Length > 0) && values.Distinct().Count() == values.Length,
            "boolean" => format is null || format.Split(',').Length == 2,
            "integer" => format is null || (format.Split(':') is { Length: 2 or 3 } parts && parts.All(p => p.Length == 0 || long.TryParse(p, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))),
            "float" => format is null || (format.Split(':') is { Length: 2 or 3 } parts && parts.All(p => p.Length == 0 || double.TryParse(p, CultureInfo.InvariantCulture, out _))),
            _ => Datatypes.Contains(datatype),
        };
        if (!isRight || !Datatypes.Contains(datatype))
        {
            yield return $"{where}: {datatype} with format {format}";
        }
    }
}
