using System.Globalization;

namespace Edge.Functions.Pwm;

/// <summary>
/// PWM chips under <c>/sys/class/pwm</c> by the device they belong to; <c>pwmchipN</c> moves between kernels.
/// Source: Linux, Documentation/ABI/testing/sysfs-class-pwm.
/// </summary>
public static class PwmChipFinder
{
    private const string Prefix = "pwmchip";

    /// <summary>The header's PWM: RP1 of a Pi 5, then the older boards' controllers.</summary>
    internal static readonly string[] HeaderDevices = ["1f00098000.pwm", "fe20c000.pwm", "3f20c000.pwm", "20c000.pwm"];

    /// <param name="sysfsRoot"><c>/sys</c>, or a fake tree.</param>
    /// <returns>Chip number → name of its device.</returns>
    public static IReadOnlyDictionary<int, string> Available(string sysfsRoot)
    {
        var chips = new SortedDictionary<int, string>();
        string folder = Path.Combine(sysfsRoot, "class", "pwm");
        if (!Directory.Exists(folder))
        {
            return chips;
        }

        foreach (string path in Directory.EnumerateFileSystemEntries(folder, Prefix + "*"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan())[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                chips[number] = DeviceName(Path.Combine(path, "device"));
            }
        }

        return chips;
    }

    /// <summary><c>/sys/class/pwm/pwmchip0</c></summary>
    public static string FolderOf(string sysfsRoot, int chip) => Path.Combine(sysfsRoot, "class", "pwm", NameOf(chip));

    /// <summary>The number of the chip meant; null when it is not there.</summary>
    public static int? Pick(IReadOnlyDictionary<int, string> chips, string chip)
    {
        foreach (string wanted in chip == PwmAddress.Auto ? HeaderDevices : [chip])
        {
            foreach (var (number, device) in chips)
            {
                if (device == wanted || NameOf(number) == wanted)
                {
                    return number;
                }
            }
        }

        return chip == PwmAddress.Auto && chips.Count == 1 ? chips.Keys.First() : null;
    }

    private static string NameOf(int chip) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{chip}");

    private static string DeviceName(string link) =>
        Path.GetFileName(Directory.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? "");
}
