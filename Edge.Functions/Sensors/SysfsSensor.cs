using System.Globalization;
using Edge.Functions.Gpio;

namespace Edge.Functions.Sensors;

/// <summary>
/// A number from a file of the kernel. The device is looked up at every measurement: it may have been unplugged and come back under
/// another number.
/// </summary>
public sealed class SysfsSensor(SensorSource source, string sysfsRoot) : Sensor
{
    /// <summary>dht11 answers EIO or ETIMEDOUT once in a while; a second question usually helps.</summary>
    private const int Attempts = 3;

    public override double Measure() => source switch
    {
        SensorSource.Iio iio => MeasureIio(iio),
        SensorSource.Hwmon hwmon => Read(Path.Combine(Find("class/hwmon", hwmon.Device), hwmon.Channel + "_input")) * KernelUnit.OfHwmon(hwmon.Channel),
        SensorSource.OneWire wire => MeasureOneWire(wire),
        SensorSource.NumberFile file => Read(Path.Combine(sysfsRoot, file.Path)),
        _ => throw new InvalidOperationException($"{source} is not a file."),
    };

    /// <summary>85 °C is what a DS18B20 holds before its first conversion: a power dip, not a fever. Source: its data sheet, table 1.</summary>
    private double MeasureOneWire(SensorSource.OneWire wire)
    {
        const double PowerOn = 85;
        double celsius = Read(Path.Combine(sysfsRoot, "bus/w1/devices", wire.Number, "temperature")) / 1000;
        return celsius != PowerOn ? celsius : throw new HardwareFault($"{wire} gives its power-on value of 85 °C; check its supply.");
    }

    /// <summary>Processed where the driver gives it, else (raw + offset) × scale: sysfs-bus-iio's own formula.</summary>
    private double MeasureIio(SensorSource.Iio iio)
    {
        string channel = Path.Combine(Find("bus/iio/devices", iio.Device), "in_" + iio.Channel);
        if (File.Exists(channel + "_input"))
        {
            return Read(channel + "_input") * KernelUnit.OfIio(iio.Channel);
        }

        double offset = ReadShared(channel, "_offset") ?? 0;
        double scale = ReadShared(channel, "_scale") ?? 1;
        return (Read(channel + "_raw") + offset) * scale * KernelUnit.OfIio(iio.Channel);
    }

    /// <summary>A channel's own file, or the one its kind shares (<c>in_voltage0_scale</c>, <c>in_voltage_scale</c>).</summary>
    private double? ReadShared(string channel, string suffix)
    {
        string shared = channel.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        foreach (string path in (string[])[channel + suffix, shared + suffix])
        {
            if (File.Exists(path))
            {
                return Read(path);
            }
        }

        return null;
    }

    private string Find(string bus, string device)
    {
        string folder = Path.Combine(sysfsRoot, bus);
        if (Directory.Exists(folder))
        {
            foreach (string path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
            {
                if (Path.GetFileName(path) == device || NameOf(path) == device)
                {
                    return path;
                }
            }
        }

        throw new HardwareFault($"{source} is not there; enable its overlay in config.txt, or see the names in {folder}.");
    }

    /// <summary>What the kernel calls a device; null where it says nothing.</summary>
    /// <param name="path">Its folder.</param>
    internal static string? NameOf(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(path, "name")).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private double Read(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                string text = File.ReadAllText(path).Trim();
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                    ? value
                    : throw new HardwareFault($"{source} gives \"{(text.Length > 40 ? text[..40] : text)}\", which is not a number.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && e is not HardwareFault)
            {
                if (attempt == Attempts || e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
                {
                    throw new HardwareFault($"{source} cannot be read ({e.Message.TrimEnd('.')}).", e);
                }
            }
        }
    }
}
