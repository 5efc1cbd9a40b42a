namespace Edge.Functions.Devices;

/// <summary>How far a device may be driven; the catalogue offers no more, and the gate allows no more.</summary>
/// <param name="LevelMin">Percent; below it only 0 is allowed. A motor that hums at 5 % starts at 20.</param>
/// <param name="DegreesMin">Of a servo.</param>
/// <param name="TimesMax">Beeps in a row.</param>
/// <param name="PulseMax">The longest pulse.</param>
/// <param name="ToneMin">Hertz.</param>
/// <param name="OnMax">After this long it returns to its safe value by itself; null for no limit.</param>
public sealed record DeviceLimits(
    int LevelMin = 0,
    int LevelMax = 100,
    double DegreesMin = -90,
    double DegreesMax = 90,
    int TimesMax = 10,
    TimeSpan PulseMax = default,
    TimeSpan? OnMax = null,
    int ToneMin = 100,
    int ToneMax = 10_000)
{
    /// <summary>Unless the owner sets one: long enough for a door opener, too short for a flood.</summary>
    public static readonly TimeSpan PulseDefault = TimeSpan.FromSeconds(10);
}
