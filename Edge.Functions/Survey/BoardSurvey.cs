using System.Device.Gpio;
using System.Globalization;
using Edge.Functions.Buses;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;
using Edge.Functions.Sensors;

namespace Edge.Functions.Survey;

/// <summary>
/// What the board has, and the lines of edge.yaml and config.txt that would use it. Looks and reads; drives nothing. An I2C address is
/// asked for one byte, which no part that Edge knows minds.
/// </summary>
/// <param name="sysfsRoot"><c>/sys</c>, or a fake tree.</param>
/// <param name="chips">As libgpiod lists them.</param>
/// <param name="buses">To ask addresses; transfers have their deadline.</param>
public sealed class BoardSurvey(string sysfsRoot, IReadOnlyList<GpioChipInfo> chips, BusBoard buses)
{
    private const int AddressFirst = 0x08;
    private const int AddressLast = 0x77;

    /// <summary>A stuck bus must not keep the survey for 112 deadlines.</summary>
    private const int TimeoutsMax = 3;

    public IReadOnlyList<Finding> Look() => [.. Gpio(), .. I2c(), .. Spi(), .. Iio(), .. Hwmon(), .. OneWire(), .. Pwm()];

    private IEnumerable<Finding> Gpio()
    {
        if (chips.Count == 0)
        {
            // The kernel's own list tells a board without lines from one whose lines cannot be had.
            return Names("bus/gpio/devices", "gpiochip*").FirstOrDefault() is { } closed
                ? [new Finding("gpio", $"the kernel has {closed}, which cannot be opened: everything is simulated here", "sudo apt install libgpiod3 (bookworm: libgpiod2); sudo usermod -aG gpio USER")]
                : [new Finding("gpio", "no chip: everything is simulated here")];
        }

        var header = ChipFinder.Pick(chips, GpioSettings.Auto);
        var found = chips.Select(c => new Finding(
            "gpio",
            string.Create(CultureInfo.InvariantCulture, $"{c.Label} ({c.Name}) with {c.NumLines} lines, 0 to {c.NumLines - 1}{(c == header ? ", the header's" : "")}"),
            c == header ? "line: 17" : string.Create(CultureInfo.InvariantCulture, $"line: {{chip: {c.Label}, offset: 0}}")));
        return header is not null ? found : found.Append(new Finding("gpio", "none is a Raspberry Pi's header: everything is simulated here", $"gpio: {{chip: {chips[0].Label}}}"));
    }

    private IEnumerable<Finding> I2c()
    {
        var numbers = Names("class/i2c-dev", "i2c-*")
            .Select(n => int.TryParse(n.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int bus) ? bus : -1)
            .Where(bus => bus >= 0).Order().ToList();
        if (numbers.Count == 0)
        {
            yield return new Finding("i2c", "no bus", Overlays.I2c);
        }

        foreach (int bus in numbers)
        {
            var answering = Probe(bus).ToList();
            if (answering.Count == 0)
            {
                yield return new Finding("i2c", string.Create(CultureInfo.InvariantCulture, $"bus {bus} is there, nothing answers"));
            }

            foreach (var finding in answering)
            {
                yield return finding;
            }
        }
    }

    private IEnumerable<Finding> Probe(int bus)
    {
        int timeouts = 0;
        for (int address = AddressFirst; address <= AddressLast; address++)
        {
            string? fault = Ask(bus, address);
            if (fault is null)
            {
                yield return I2cGuide.At(bus, address);
            }
            else if (fault.Contains("busy", StringComparison.OrdinalIgnoreCase) || fault.Contains("Error 16", StringComparison.Ordinal))
            {
                yield return new Finding("i2c", string.Create(CultureInfo.InvariantCulture, $"bus {bus} address 0x{address:x2} belongs to a driver of the kernel; see iio and hwmon"));
            }
            else if (fault.StartsWith("no answer within", StringComparison.Ordinal) && ++timeouts == TimeoutsMax)
            {
                yield return new Finding("i2c", string.Create(CultureInfo.InvariantCulture, $"bus {bus} hangs: a part holds its lines; unplug parts one by one"));
                yield break;
            }
        }
    }

    private string? Ask(int bus, int address)
    {
        try
        {
            using var part = buses.Open(new BusAddress.I2c(bus, address));
            part.ReadByte();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return e.Message;
        }
    }

    /// <summary>Nothing answers on SPI by itself: what is there is a bus and its chip selects.</summary>
    private IEnumerable<Finding> Spi()
    {
        var names = Names("class/spidev", "spidev*").ToList();
        return names.Count == 0
            ? [new Finding("spi", "no bus", Overlays.Spi)]
            : names.Select(n => n["spidev".Length..].Split('.') is [var bus, var select]
                ? new Finding("spi", $"bus {bus} chip select {select}", $"part: {{kind: mcp3008, bus: {bus}, chipSelect: {select}, channel: ch0}}")
                : new Finding("spi", n));
    }

    private IEnumerable<Finding> Iio()
    {
        var devices = Names("bus/iio/devices", "iio:device*").ToList();
        if (devices.Count == 0)
        {
            yield return new Finding("iio", "no device", $"{Overlays.Dht} (a DHT22) or dtoverlay=i2c-sensor,bme280");
        }

        foreach (string device in devices)
        {
            string folder = Path.Combine(sysfsRoot, "bus/iio/devices", device);
            string name = NameOf(folder);
            foreach (string channel in Channels(folder, "in_*_input", 3).Concat(Channels(folder, "in_*_raw", 3)).Distinct())
            {
                yield return new Finding("iio", $"{name}, {channel}", $"iio: {{device: {name}, channel: {channel}}}");
            }
        }
    }

    private IEnumerable<Finding> Hwmon()
    {
        foreach (string device in Names("class/hwmon", "hwmon*"))
        {
            string folder = Path.Combine(sysfsRoot, "class/hwmon", device);
            string name = NameOf(folder);
            foreach (string channel in Channels(folder, "*_input", 0))
            {
                yield return new Finding("hwmon", $"{name}, {channel}", $"hwmon: {{device: {name}, channel: {channel}}}");
            }
        }
    }

    private IEnumerable<Finding> OneWire()
    {
        bool any = false;
        foreach (string number in Names("bus/w1/devices", "28-*"))
        {
            any = true;
            yield return new Finding("1-wire", $"thermometer {number}", $"oneWire: {number}");
        }

        if (!any)
        {
            yield return new Finding("1-wire", "no thermometer", Overlays.Wire);
        }
    }

    private IEnumerable<Finding> Pwm()
    {
        var found = PwmChipFinder.Available(sysfsRoot);
        return found.Count == 0
            ? [new Finding("pwm", "no chip", Overlays.Pwm)]
            : found.Select(c => new Finding("pwm", string.Create(CultureInfo.InvariantCulture, $"{c.Value} (pwmchip{c.Key})"), $"pwm: {{chip: {c.Value}, channel: 0}}"));
    }

    private IEnumerable<string> Names(string folder, string pattern)
    {
        string path = Path.Combine(sysfsRoot, folder);
        return Directory.Exists(path)
            ? Directory.EnumerateFileSystemEntries(path, pattern).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary><c>in_temp_input</c> → <c>temp</c>, <c>temp1_input</c> → <c>temp1</c>.</summary>
    private static IEnumerable<string> Channels(string folder, string pattern, int prefix) =>
        Directory.EnumerateFiles(folder, pattern).Select(p => Path.GetFileName(p)!).Select(f => f[prefix..f.LastIndexOf('_')]).Order(StringComparer.Ordinal);

    private static string NameOf(string folder) => SysfsSensor.NameOf(folder) ?? Path.GetFileName(folder);
}
