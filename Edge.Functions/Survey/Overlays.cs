using System.Globalization;
using Edge.Functions.Buses;
using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Edge.Functions.Sensors;

namespace Edge.Functions.Survey;

/// <summary>
/// The lines that config.txt lacks for what the settings name. Source: the firmware's overlays/README (raspberrypi/firmware).
/// </summary>
public static class Overlays
{
    /// <summary>Where they go on Raspberry Pi OS since bookworm.</summary>
    public const string File = "/boot/firmware/config.txt";

    internal const string I2c = "dtparam=i2c_arm=on";
    internal const string Spi = "dtparam=spi=on";
    internal const string Pwm = "dtoverlay=pwm-2chan,pin=12,func=4,pin2=13,func2=4";
    internal const string Wire = "dtoverlay=w1-gpio,gpiopin=4";
    internal const string Dht = "dtoverlay=dht11,gpiopin=4";

    /// <summary>Kernel drivers that the overlay i2c-sensor knows by the name of the part.</summary>
    private static readonly string[] s_i2cSensors = ["aht10", "bh1750", "bme280", "bme680", "bmp085", "bmp180", "bmp280", "bmp380", "bno055", "ccs811", "ds1621", "hdc100x", "htu21", "lm75", "max30102", "mpu6050", "mpu9250", "sgp30", "sht20", "sht3x", "sht4x", "shtc3", "si7020", "sps30", "tmp102", "tsl4531", "veml6070"];

    /// <returns>Each line once, in the order of the settings.</returns>
    public static IReadOnlyList<string> ToAdd(IReadOnlyList<DeviceDeclaration> devices, IReadOnlyList<Expander> expanders, IReadOnlyList<DisplayDeclaration> displays, string sysfsRoot)
    {
        var own = expanders.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        var buses = expanders.Select(e => (BusAddress?)e.Address)
            .Concat(displays.Select(d => DeclaredParts.AddressOf(d.Port)))
            .Concat(devices.Select(d => d.Wiring switch
            {
                Wiring.Measuring { Sensor.Source: SensorSource.Part part } => part.Address,
                Wiring.Strip strip => strip.Bus,
                _ => null,
            }));
        var others = devices.Select(d => d.Wiring switch
        {
            Wiring.Measuring { Sensor.Source: SensorSource.Iio iio } => Iio(iio.Device, sysfsRoot),
            Wiring.Measuring { Sensor.Source: SensorSource.OneWire } => Has(sysfsRoot, "bus/w1/devices", "w1_bus_master*") ? null : Wire,
            _ => d.Wiring.HardwarePwm is { } pwm && !own.Contains(pwm.Chip) && !Has(sysfsRoot, "class/pwm", "pwmchip*") ? Pwm : null,
        });
        return [.. buses.Select(b => Bus(b, sysfsRoot)).Concat(others).OfType<string>().Distinct()];
    }

    private static string? Bus(BusAddress? address, string sysfsRoot) => address switch
    {
        BusAddress.I2c i2c when !Has(sysfsRoot, "class/i2c-dev", Name($"i2c-{i2c.Bus}")) => i2c.Bus == 1 ? I2c : Name($"dtoverlay=i2c{i2c.Bus}"),
        BusAddress.Spi spi when !Has(sysfsRoot, "class/spidev", Name($"spidev{spi.Bus}.{spi.ChipSelect}")) => spi.Bus == 0 ? Spi : Name($"dtoverlay=spi{spi.Bus}-{spi.ChipSelect + 1}cs"),
        _ => null,
    };

    private static string? Iio(string device, string sysfsRoot)
    {
        string folder = Path.Combine(sysfsRoot, "bus/iio/devices");
        bool isThere = Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder)
            .Any(d => Path.GetFileName(d) == device || SysfsSensor.NameOf(d)?.StartsWith(device, StringComparison.Ordinal) == true);
        return isThere ? null
            : device is "dht11" or "dht22" ? Dht
            : device == "srf04" ? "dtoverlay=hc-sr04,trigger=23,echo=24"
            : s_i2cSensors.Contains(device) ? $"dtoverlay=i2c-sensor,{device}"
            : null;
    }

    private static bool Has(string sysfsRoot, string folder, string pattern)
    {
        string path = Path.Combine(sysfsRoot, folder);
        return Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path, pattern).Any();
    }

    private static string Name(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
