using System.Globalization;
using System.Text.Json.Nodes;
using Edge.Functions.Displays;

namespace Edge.Functions.Devices;

/// <summary>How a device stands, as measured.</summary>
/// <param name="Word"><c>on</c>, <c>off</c>, <c>open</c>, <c>closed</c>, <c>opening</c>, <c>locked</c>, <c>pressed</c>, <c>21.5</c>, …; <c>unknown</c> when nothing could be measured.</param>
/// <param name="Value">Level or position in percent, angle in degrees, or the measurement in its unit; null where there is no number.</param>
public sealed record DeviceState(string Word, double? Value = null)
{
    public static readonly DeviceState Unknown = new("unknown");

    public static DeviceState Switched(bool on) => new(on ? "on" : "off");

    /// <param name="percent">0 is off.</param>
    public static DeviceState Level(int percent) => new(percent > 0 ? "on" : "off", percent);

    /// <summary>A number that is its own word.</summary>
    public static DeviceState Number(double value) => new(value.ToString("0.####", CultureInfo.InvariantCulture), value);

    /// <summary>Of a coloured light.</summary>
    public Rgb? Colour { get; init; }

    /// <summary>Of a coloured light.</summary>
    public string? Effect { get; init; }

    public bool IsKnown => Word != Unknown.Word;

    /// <summary><c>{"state":"on","value":40}</c>; the value only where there is one.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["state"] = Word };
        if (Value is { } value)
        {
            json["value"] = value;
        }

        if (Colour is not null)
        {
            json["color"] = Colour.Value.ToString();
            json["rgb"] = new JsonArray(Colour.Value.Red, Colour.Value.Green, Colour.Value.Blue);
        }

        if (Effect is not null)
        {
            json["effect"] = Effect;
        }

        return json;
    }
}
