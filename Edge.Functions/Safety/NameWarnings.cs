using System.Text.RegularExpressions;
using Edge.Functions.Devices;

namespace Edge.Functions.Safety;

/// <summary>A name that speaks of something dangerous on a device that nobody is asked about: a guess, so a warning and no more.</summary>
public static partial class NameWarnings
{
    public static IEnumerable<string> Of(IEnumerable<DeviceDeclaration> devices)
    {
        foreach (var device in devices.Where(d => d.Expose && d.Rules is { Class: DeviceClass.Plain, Confirm: Confirmation.Never } && Moves(d)))
        {
            if (ClassOf(device.Name) is { } likely)
            {
                string word = likely.ToString().ToLowerInvariant();
                yield return $"{device.Name} sounds like a {word} and moves without a question; set \"class: {word}\", or rename it if it is none ({device.Place}).";
            }
        }
    }

    private static bool Moves(DeviceDeclaration device) =>
        (device.Skills & (DeviceSkills.Switch | DeviceSkills.Open | DeviceSkills.Level | DeviceSkills.Turn | DeviceSkills.Position)) != 0;

    private static DeviceClass? ClassOf(string name) =>
        // "gate light" and "door bell" are lights and bells.
        Harmless().IsMatch(name) ? null
        : Gate().IsMatch(name) ? DeviceClass.Gate
        : Door().IsMatch(name) ? DeviceClass.Door
        : Lock().IsMatch(name) ? DeviceClass.Lock
        : Heater().IsMatch(name) ? DeviceClass.Heater
        : null;

    [GeneratedRegex(@"\b(light|lights|lamp|lamps|bell|buzzer|fan|led|leds|display)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Harmless();

    [GeneratedRegex(@"\b(gate|gates|barrier)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Gate();

    [GeneratedRegex(@"\b(door|doors|garage|hatch)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Door();

    [GeneratedRegex(@"\b(lock|latch|bolt|safe)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lock();

    [GeneratedRegex(@"\b(heater|heating|heat|boiler|oven|stove|iron|sauna|kettle|radiator|furnace)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Heater();
}
