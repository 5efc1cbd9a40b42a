using System.Globalization;
using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Settings;

namespace Edge.Functions.Safety;

/// <summary>What holds at any time: exposure, skill, ranges.</summary>
internal static class ActionLimits
{
    public static Denial? Objection(DeviceAction action) => Exposure(action.Device) ?? Skill(action) ?? Limits(action);

    private static Denial? Exposure(DeviceDeclaration device) => device.Expose
        ? null
        : new Denial("not-exposed", $"{device.Name} is not exposed; set \"expose: true\" for it to allow commands ({device.Place}).");

    private static Denial? Skill(DeviceAction action) => action.Device.Can(action.Needs)
        ? null
        : new Denial("wrong-kind", $"{action.Device.Name} is a {action.Device.Kind.ToString().ToLowerInvariant()} and cannot do that.");

    private static Denial? Limits(DeviceAction action)
    {
        var device = action.Device;
        var limits = device.Limits;
        return action switch
        {
            DeviceAction.SetLevel { Percent: 0 } => null,
            DeviceAction.SetLevel to => Range(device, to.Percent, limits.LevelMin, limits.LevelMax, " %"),
            DeviceAction.MoveTo to => Range(device, to.Percent, 0, 100, " %"),
            DeviceAction.TurnTo to => Range(device, to.Degrees, limits.DegreesMin, limits.DegreesMax, " degrees"),
            DeviceAction.Beep beep => Range(device, beep.Times, 1, limits.TimesMax, " beeps"),
            DeviceAction.Pulse pulse => PulseLength(device, pulse.For),
            DeviceAction.Play play => Tune(device, play.Melody),
            DeviceAction.SwitchTo or DeviceAction.OpenOrClose or DeviceAction.LockOrUnlock or DeviceAction.SetColour or DeviceAction.SetEffect => null,
            DeviceAction.Measure or DeviceAction.ReadState => null,
            _ => new Denial("unknown-action", $"{action.GetType().Name} is nothing the gate knows; it is refused."),
        };
    }

    /// <summary>Written so that a number that is none (NaN) is outside.</summary>
    private static Denial? Range(DeviceDeclaration device, double value, double min, double max, string unit) => value >= min && value <= max
        ? null
        : new Denial("out-of-range", string.Create(CultureInfo.InvariantCulture, $"{device.Name} may not be set to {value}{unit}; use {min} to {max}."));

    /// <summary>Every note in range, and all of them no longer than a pulse may be.</summary>
    private static Denial? Tune(DeviceDeclaration device, Melody melody) =>
        melody.Notes.Where(n => n.Hz != 0).Select(n => Range(device, n.Hz, device.Limits.ToneMin, device.Limits.ToneMax, " Hz")).FirstOrDefault(d => d is not null)
        ?? PulseLength(device, melody.Length);

    private static Denial? PulseLength(DeviceDeclaration device, TimeSpan length)
    {
        if (length <= TimeSpan.Zero)
        {
            return new Denial("out-of-range", $"A pulse of {DurationText.Format(length)} is none; use 1ms to {DurationText.Format(device.Limits.PulseMax)}.");
        }

        return length <= device.Limits.PulseMax
            ? null
            : new Denial("out-of-range", $"A pulse of {DurationText.Format(length)} is too long for {device.Name}; use at most {DurationText.Format(device.Limits.PulseMax)}, or raise its pulseMax ({device.Place}).");
    }
}
