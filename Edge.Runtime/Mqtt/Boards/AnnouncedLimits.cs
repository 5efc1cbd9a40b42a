using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Devices;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>How far a device may be driven, as boards tell each other.</summary>
internal static class AnnouncedLimits
{
    private const double DegreesMost = 3600;
    private const double PulseMsMost = 86_400_000;

    public static JsonObject Write(DeviceLimits limits) => new()
    {
        ["levelMin"] = limits.LevelMin,
        ["levelMax"] = limits.LevelMax,
        ["degreesMin"] = limits.DegreesMin,
        ["degreesMax"] = limits.DegreesMax,
        ["timesMax"] = limits.TimesMax,
        ["pulseMaxMs"] = limits.PulseMax.TotalMilliseconds,
    };

    /// <exception cref="FormatException">A limit is none.</exception>
    public static DeviceLimits Read(string device, JsonElement json)
    {
        var usual = new DeviceLimits();
        if (!json.TryGetProperty("limits", out var limits))
        {
            return usual;
        }

        int levelMin = (int)Number("levelMin", usual.LevelMin, 0, 100);
        double degreesMin = Number("degreesMin", usual.DegreesMin, -DegreesMost, DegreesMost);
        return new DeviceLimits(
            levelMin,
            (int)Number("levelMax", usual.LevelMax, Math.Max(1, levelMin), 100),
            degreesMin,
            Number("degreesMax", usual.DegreesMax, degreesMin, DegreesMost),
            (int)Number("timesMax", usual.TimesMax, 1, 1000),
            TimeSpan.FromMilliseconds(Number("pulseMaxMs", DeviceLimits.PulseDefault.TotalMilliseconds, 0, PulseMsMost)));

        double Number(string field, double fallback, double min, double max)
        {
            double value = limits.TryGetProperty(field, out var given) ? given.GetDouble() : fallback;
            return value >= min && value <= max ? value : throw new FormatException($"{field} of {device} is outside of {min} to {max}");
        }
    }

    /// <summary>What a device of a kind could have at all.</summary>
    public static DeviceSkills SkillsOf(DeviceKind kind) => kind switch
    {
        DeviceKind.Light or DeviceKind.Switch => DeviceSkills.Switch | DeviceSkills.Pulse | DeviceSkills.State,
        DeviceKind.Dimmer or DeviceKind.Fan => DeviceSkills.Switch | DeviceSkills.Level | DeviceSkills.Pulse | DeviceSkills.State,
        DeviceKind.Cover => DeviceSkills.Open | DeviceSkills.Position | DeviceSkills.Pulse | DeviceSkills.State,
        DeviceKind.Lock => DeviceSkills.Lock | DeviceSkills.Pulse | DeviceSkills.State,
        DeviceKind.Servo => DeviceSkills.Turn | DeviceSkills.State,
        DeviceKind.Buzzer => DeviceSkills.Beep,
        DeviceKind.Sensor => DeviceSkills.Measure,
        _ => DeviceSkills.State,
    };
}
