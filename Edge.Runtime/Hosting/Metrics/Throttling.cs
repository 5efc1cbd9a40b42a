using System.Globalization;

namespace Edge.Runtime.Hosting.Metrics;

/// <summary>
/// Whether a Raspberry Pi is held back: too little voltage, a capped clock, heat. The firmware's word, as <c>vcgencmd get_throttled</c>
/// shows it; elsewhere the undervoltage alarm of the kernel's rpi_volt. Source: Raspberry Pi documentation, vcgencmd, get_throttled.
/// </summary>
/// <param name="Now">Conditions that hold.</param>
/// <param name="Before">Conditions that held since the board started.</param>
public sealed record Throttling(string[] Now, string[] Before)
{
    /// <summary>Bits 0 to 3; since the start, bits 16 to 19.</summary>
    public static readonly IReadOnlyList<string> Conditions = ["undervoltage", "capped", "throttled", "hot"];

    /// <param name="sysfsRoot"><c>/sys</c>, or a fake tree.</param>
    /// <returns>Null where the board does not tell.</returns>
    public static Throttling? Read(string sysfsRoot)
    {
        try
        {
            return Firmware(sysfsRoot) ?? Alarm(sysfsRoot);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // soc/soc:firmware on a Pi 4, soc@107c000000/soc@107c000000:firmware on a Pi 5.
    private static Throttling? Firmware(string sysfsRoot)
    {
        string platform = Path.Combine(sysfsRoot, "devices", "platform");
        if (!Directory.Exists(platform))
        {
            return null;
        }

        string? file = Directory.EnumerateDirectories(platform, "soc*").SelectMany(soc => Directory.EnumerateDirectories(soc, "*:firmware"))
            .Concat(Directory.EnumerateDirectories(platform, "*:firmware"))
            .Select(f => Path.Combine(f, "get_throttled")).FirstOrDefault(File.Exists);
        if (file is null || !uint.TryParse(Hex(File.ReadAllText(file)), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint bits))
        {
            return null;
        }

        return new Throttling(Named(bits), Named(bits >> 16));
    }

    private static Throttling? Alarm(string sysfsRoot)
    {
        string hwmon = Path.Combine(sysfsRoot, "class", "hwmon");
        if (!Directory.Exists(hwmon))
        {
            return null;
        }

        foreach (string monitor in Directory.EnumerateFileSystemEntries(hwmon))
        {
            string name = Path.Combine(monitor, "name"), alarm = Path.Combine(monitor, "in0_lcrit_alarm");
            if (File.Exists(name) && File.ReadAllText(name).Trim() == "rpi_volt" && File.Exists(alarm))
            {
                return new Throttling(File.ReadAllText(alarm).Trim() == "1" ? [Conditions[0]] : [], []);
            }
        }

        return null;
    }

    private static string Hex(string text) => text.Trim() is var trimmed && trimmed.StartsWith("0x", StringComparison.Ordinal) ? trimmed[2..] : trimmed;

    private static string[] Named(uint bits) => [.. Conditions.Where((_, i) => (bits >> i & 1) == 1)];
}
