using Edge.Functions.Sensors.Parts;
using Edge.Functions.Settings;

namespace Edge.Functions.Sensors;

/// <summary>A sensor as the owner declared it.</summary>
/// <param name="Scale">value = file × kernel unit × scale + offset.</param>
/// <param name="Min">A number below is no reading: a broken wire often reads as one.</param>
/// <param name="SimulatedValue">Used on a simulated board, and where there is no source.</param>
public sealed record SensorDeclaration(
    Quantity Quantity,
    string Unit,
    SensorSource Source,
    double Scale,
    double Offset,
    double Min,
    double Max,
    double? SimulatedValue)
{
    private const double NumberMax = 1e9;

    /// <summary>Reads the sensor's keys of a device: quantity, unit, one of part, iio, hwmon, oneWire, file; scale, offset, min, max, simulated.</summary>
    public static SensorDeclaration Read(SettingsSection device)
    {
        var quantity = Quantity.Of(device.RequiredText("quantity", "say what it measures, for example temperature", 40));
        double? simulated = device.OptionalNumber("simulated", -NumberMax, NumberMax);
        return new SensorDeclaration(
            quantity,
            device.Text("unit", quantity.Unit, 16),
            ReadSource(device, quantity, simulated),
            device.Number("scale", 1, -NumberMax, NumberMax),
            device.Number("offset", 0, -NumberMax, NumberMax),
            device.Number("min", quantity.Min, -NumberMax, NumberMax),
            device.Number("max", quantity.Max, -NumberMax, NumberMax),
            simulated);
    }

    private static SensorSource ReadSource(SettingsSection device, Quantity quantity, double? simulated)
    {
        var sources = new List<SensorSource>();
        foreach (string bus in (string[])["iio", "hwmon"])
        {
            if (device.Has(bus))
            {
                var section = device.Section(bus);
                string name = section.RequiredText("device", "name the device as its \"name\" file does", 64);
                string channel = section.RequiredText("channel", bus == "iio" ? "name the channel, for example temp" : "name the channel, for example temp1", 64);
                sources.Add(bus == "iio" ? new SensorSource.Iio(name, channel) : new SensorSource.Hwmon(name, channel));
                section.Done();
                if (name.Contains('/', StringComparison.Ordinal) || channel.Contains('/', StringComparison.Ordinal))
                {
                    section.Itself.Fault("has a slash; use the names alone, or \"file:\" for a path");
                }
            }
        }

        if (device.OptionalText("file") is { } file)
        {
            sources.Add(new SensorSource.NumberFile(file));
        }

        if (device.OptionalText("oneWire", 32) is { } number)
        {
            sources.Add(OneWire(device, number));
        }

        bool isWrongPart = false;
        if (device.Has("part"))
        {
            var part = PartSettings.Read(device.Section("part"), quantity);
            sources.AddRange(part is null ? [] : [part]);
            isWrongPart = part is null;
        }

        if (sources.Count > 1)
        {
            device.Itself.Fault("has several sources; keep one of part, iio, hwmon, oneWire, file");
        }
        else if (sources.Count == 0 && simulated is null && !isWrongPart)
        {
            device.Itself.Fault("has no source; add one of part, iio, hwmon, oneWire, file, or a simulated value");
        }

        return sources.Count > 0 ? sources[0] : new SensorSource.Simulated(simulated ?? 0);
    }

    /// <summary>A DS18B20 by its number, through the kernel's w1_therm.</summary>
    private static SensorSource.OneWire OneWire(SettingsSection device, string number)
    {
        if (!number.StartsWith("28-", StringComparison.Ordinal) || number.Contains('/', StringComparison.Ordinal))
        {
            device.Fault("oneWire", $"is {number}; use the number of a DS18B20 as /sys/bus/w1/devices shows it, 28-000000000000");
        }

        return new SensorSource.OneWire(number);
    }
}
