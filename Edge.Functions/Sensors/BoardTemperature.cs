using System.Globalization;

namespace Edge.Functions.Sensors;

/// <summary>The processor's own sensor. Source: Linux, Documentation/driver-api/thermal/sysfs-api.rst.</summary>
public static class BoardTemperature
{
    /// <returns>The hottest zone in °C; null where the kernel has none.</returns>
    /// <param name="sysfsRoot"><c>/sys</c>, or a fake tree.</param>
    public static double? Read(string sysfsRoot)
    {
        string folder = Path.Combine(sysfsRoot, "class", "thermal");
        if (!Directory.Exists(folder))
        {
            return null;
        }

        double? hottest = null;
        foreach (string zone in Directory.EnumerateFileSystemEntries(folder, "thermal_zone*"))
        {
            if (ReadZone(Path.Combine(zone, "temp")) is { } celsius)
            {
                hottest = Math.Max(hottest ?? celsius, celsius);
            }
        }

        return hottest;
    }

    private static double? ReadZone(string file)
    {
        try
        {
            // Thousandths of a degree.
            return long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long milli) ? milli / 1000.0 : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
