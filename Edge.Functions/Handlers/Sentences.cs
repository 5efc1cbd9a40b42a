using System.Globalization;
using Edge.Functions.Devices;
using Edge.Functions.Settings;

namespace Edge.Functions.Handlers;

/// <summary>Short English sentences from what was read back.</summary>
internal static class Sentences
{
    /// <summary>After an action on one device.</summary>
    public static string Of(DeviceAction action, DeviceState state) => action switch
    {
        DeviceAction.Measure => Measured(action.Device, state),
        DeviceAction.Pulse pulse => $"{Subject(action.Device.Name)} {state.Word} for {DurationText.Format(pulse.For)}.",
        DeviceAction.Beep beep => $"{Capital(action.Device.Name)} {(IsPlural(action.Device.Name) ? "beep" : "beeps")} {(beep.Times == 1 ? "once" : $"{beep.Times} times")}.",
        DeviceAction.Play play => $"{Capital(action.Device.Name)} {(IsPlural(action.Device.Name) ? "play" : "plays")} {play.Melody.Name}.",
        _ => $"{Subject(action.Device.Name)} {Predicate(action.Device, state)}.",
    };

    /// <summary>After the same action on several devices.</summary>
    /// <param name="group">The name they were asked for by; null lists them.</param>
    public static string OfMany(string? group, IReadOnlyList<(DeviceAction Action, DeviceState State)> done)
    {
        var parts = done.GroupBy(d => Predicate(d.Action.Device, d.State)).ToList();
        if (group is not null && parts.Count == 1)
        {
            return $"{Capital(group)} are {parts[0].Key}.";
        }

        return string.Join(" ", parts.Select(part => part.Count() == 1
            ? $"{Subject(part.First().Action.Device.Name)} {part.Key}."
            : $"{Capital(Join([.. part.Select(d => d.Action.Device.Name)]))} are {part.Key}."));
    }

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string Join(IReadOnlyList<string> names) => names.Count < 2
        ? string.Concat(names)
        : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Subject(string name) => $"{Capital(name)} {(IsPlural(name) ? "are" : "is")}";

    private static bool IsPlural(string name) =>
        name.EndsWith('s') && !name.EndsWith("ss", StringComparison.Ordinal) && !name.EndsWith("us", StringComparison.Ordinal);

    private static string Predicate(DeviceDeclaration device, DeviceState state) => state switch
    {
        { IsKnown: false } => "in a position nobody measured yet",
        { Word: "turning", Value: { } degrees } => string.Create(CultureInfo.InvariantCulture, $"turning, at {degrees:0.#}° now"),
        { Word: "on", Value: { } percent, Colour: { } colour } => string.Create(CultureInfo.InvariantCulture, $"{(state.Effect is "solid" or "rainbow" ? "" : state.Effect + " ")}{(state.Effect == "rainbow" ? "rainbow" : colour)} at {percent:0} %"),
        { Value: { } degrees } when device.Can(DeviceSkills.Turn) => string.Create(CultureInfo.InvariantCulture, $"at {degrees:0.#}°"),
        { Word: "on", Value: { } percent } => string.Create(CultureInfo.InvariantCulture, $"on at {percent:0} %"),
        { Word: "open", Value: { } percent and < 100 } => string.Create(CultureInfo.InvariantCulture, $"{percent:0} % open"),
        _ => state.Word,
    };

    private static string Measured(DeviceDeclaration device, DeviceState state)
    {
        var sensor = ((Wiring.Measuring)device.Wiring).Sensor;
        string quantity = sensor.Quantity.Name;
        string what = device.Name.Contains(quantity, StringComparison.OrdinalIgnoreCase) ? device.Name : $"{device.Room ?? device.Name} {quantity}";
        string unit = sensor.Unit.Length == 0 ? "" : " " + sensor.Unit;
        return $"{Capital(what)} is {state.Word}{unit}.";
    }
}
