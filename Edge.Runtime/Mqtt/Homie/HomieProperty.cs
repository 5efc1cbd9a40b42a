using System.Globalization;
using System.Text.Json.Nodes;
using Edge.Functions.Devices;

namespace Edge.Runtime.Mqtt.Homie;

/// <summary>A Homie property of a device. Source: Homie 5.0, "Properties", "Payloads" and "Formats".</summary>
/// <param name="Datatype"><c>boolean</c>, <c>integer</c>, <c>float</c> or <c>enum</c>.</param>
/// <param name="Format">See Homie; null where none is needed.</param>
/// <param name="Value">Its payload for a state; null while it is not known.</param>
/// <param name="ToSet">A valid payload as the device's own <c>set</c> takes it; null where it cannot be set.</param>
internal sealed record HomieProperty(
    string Id, string Name, string Datatype, string? Format, string? Unit, bool Retained, Func<DeviceState, string?> Value, Func<string, string>? ToSet)
{
    /// <summary>What a device has.</summary>
    public static IEnumerable<HomieProperty> Of(DeviceDeclaration device)
    {
        var limits = device.Limits;
        if (device.Can(DeviceSkills.Switch))
        {
            yield return new("power", "Power", "boolean", "off,on", null, true, s => Truth(s, "on", "off"), v => v == "true" ? "on" : "off");
        }

        if (device.Can(DeviceSkills.Level))
        {
            yield return new("level", device.Kind == DeviceKind.Fan ? "Speed" : "Brightness", "integer", $"0:{limits.LevelMax}", "%", true, s => Whole(s.Value), v => v);
        }

        if (device.Can(DeviceSkills.Open))
        {
            yield return new("state", "State", "enum", "open,closed,opening,closing,stopped", null, true, s => OneOf(s.Word, "open", "closed", "opening", "closing", "stopped"), null);
            yield return new("move", "Move", "enum", "open,close", null, false, _ => null, v => v);
        }

        if (device.Can(DeviceSkills.Position))
        {
            yield return new("position", "Position", "integer", "0:100", "%", true, s => Whole(s.Value), v => v);
        }

        if (device.Can(DeviceSkills.Lock))
        {
            yield return new("locked", "Locked", "boolean", "unlocked,locked", null, true, s => Truth(s, "locked", "unlocked"), v => v == "true" ? "lock" : "unlock");
        }

        if (device.Can(DeviceSkills.Turn))
        {
            yield return new("angle", "Angle", "float", string.Create(CultureInfo.InvariantCulture, $"{limits.DegreesMin}:{limits.DegreesMax}"), "°", true, s => Real(s.Value), v => v);
        }

        if (device.Can(DeviceSkills.Beep))
        {
            yield return new("beep", "Beep", "integer", $"1:{limits.TimesMax}", null, false, _ => null, v => v);
        }

        if (device.Wiring is Wiring.Measuring { Sensor: { } sensor })
        {
            yield return new("value", sensor.Quantity.Name, "float", null, sensor.Unit.Length > 0 ? sensor.Unit : null, true, s => Real(s.Value), null);
        }

        string[] words = device.Kind switch
        {
            DeviceKind.Contact => ["open", "closed"],
            DeviceKind.Button => ["pressed", "released"],
            DeviceKind.Motion => ["motion", "clear"],
            _ => [],
        };
        if (words.Length > 0)
        {
            yield return new("state", "State", "enum", string.Join(',', words), null, true, s => OneOf(s.Word, words), null);
        }

        if (device.Kind == DeviceKind.Rotary)
        {
            yield return new("clicks", "Clicks", "integer", null, null, true, s => Whole(s.Value), null);
        }
    }

    public JsonObject Describe()
    {
        var json = new JsonObject { ["name"] = Name, ["datatype"] = Datatype };
        if (Format is not null)
        {
            json["format"] = Format;
        }

        if (Unit is not null)
        {
            json["unit"] = Unit;
        }

        if (ToSet is not null)
        {
            json["settable"] = true;
        }

        if (!Retained)
        {
            json["retained"] = false;
        }

        return json;
    }

    /// <summary>Whether a payload is one of the datatype; its range is the gate's to judge.</summary>
    public bool IsValid(string payload) => Datatype switch
    {
        "boolean" => payload is "true" or "false",
        "integer" => long.TryParse(payload, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) && payload[0] != '+',
        "float" => double.TryParse(payload, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) && payload[0] != '+',
        _ => Format!.Split(',').Contains(payload),
    };

    private static string? Truth(DeviceState state, string yes, string no) => state.Word == yes ? "true" : state.Word == no ? "false" : null;

    private static string? OneOf(string word, params string[] known) => known.Contains(word) ? word : null;

    private static string? Whole(double? value) => value is { } number ? Math.Round(number).ToString("0", CultureInfo.InvariantCulture) : null;

    private static string? Real(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture);
}
