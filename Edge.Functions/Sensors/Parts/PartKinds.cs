using System.Device.I2c;
using System.Globalization;
using Iot.Device.Adc;
using Iot.Device.Ads1115;
using Iot.Device.Bh1750fvi;
using Iot.Device.Bmxx80;
using Iot.Device.Sht3x;
using Iot.Device.Vl53L0X;

namespace Edge.Functions.Sensors.Parts;

/// <summary>
/// The table of parts, all through Iot.Device.Bindings. Values come in the units of <see cref="Quantity"/>: °C, %, hPa, lx, cm, V, A, W.
/// A part that is not here is a row away.
/// </summary>
internal static class PartKinds
{
    private const string Temperature = "temperature";
    private const string Humidity = "humidity";
    private const string Pressure = "pressure";

    /// <summary>The VL53L0X says so when nothing is in its range (millimetres).</summary>
    private const int NothingInRangeMm = 8190;

    /// <summary>ST VL53L0X data sheet, table 4: reference registers.</summary>
    private const byte ModelRegister = 0xC0;
    private const byte Vl53l0xModel = 0xEE;

    /// <summary>With this calibration the INA219's current register counts as its shunt voltage does, 10 µV a bit. Data sheet, 8.5.1.</summary>
    private const ushort ShuntCalibration = 4096;
    private const double ShuntVoltsPerBit = 10e-6;

    public static readonly IReadOnlyList<PartKind> All =
    [
        new("bme280", 0x76, [(Temperature, Temperature), (Humidity, Humidity), (Pressure, Pressure)]) { OnI2c = OpenBme280 },
        new("bmp280", 0x76, [(Temperature, Temperature), (Pressure, Pressure)]) { OnI2c = OpenBmp280 },
        new("bme680", 0x76, [(Temperature, Temperature), (Humidity, Humidity), (Pressure, Pressure), ("gas", "gas resistance")]) { OnI2c = OpenBme680 },
        new("sht3x", 0x44, [(Temperature, Temperature), (Humidity, Humidity)]) { OnI2c = OpenSht3x },
        new("bh1750", 0x23, [("light", "light level")]) { OnI2c = OpenBh1750 },
        new("vl53l0x", 0x29, [("distance", "distance")]) { OnI2c = OpenVl53l0x },
        new("ads1115", 0x48, [("ain0", "voltage"), ("ain1", "voltage"), ("ain2", "voltage"), ("ain3", "voltage")]) { OnI2c = OpenAds1115 },
        new("ina219", 0x40, [("voltage", "voltage"), ("current", "current"), ("power", "power")]) { OnI2c = OpenIna219 },
        new("mcp3008", null, [.. Enumerable.Range(0, 8).Select(i => ($"ch{i}", "voltage"))]) { OnSpi = OpenMcp3008 },
    ];

    private static OpenPart OpenBme280(I2cDevice device, PartOptions options)
    {
        var part = new Bme280(device);
        return new OpenPart(part, channel =>
        {
            var read = part.Read();
            return channel switch
            {
                Temperature => read.Temperature?.DegreesCelsius,
                Humidity => read.Humidity?.Percent,
                _ => read.Pressure?.Hectopascals,
            };
        });
    }

    private static OpenPart OpenBmp280(I2cDevice device, PartOptions options)
    {
        var part = new Bmp280(device);
        return new OpenPart(part, channel =>
        {
            var read = part.Read();
            return channel == Temperature ? read.Temperature?.DegreesCelsius : read.Pressure?.Hectopascals;
        });
    }

    private static OpenPart OpenBme680(I2cDevice device, PartOptions options)
    {
        var part = new Bme680(device);
        return new OpenPart(part, channel =>
        {
            var read = part.Read();
            return channel switch
            {
                Temperature => read.Temperature?.DegreesCelsius,
                Humidity => read.Humidity?.Percent,
                Pressure => read.Pressure?.Hectopascals,
                _ => read.GasResistance?.Ohms,
            };
        });
    }

    private static OpenPart OpenSht3x(I2cDevice device, PartOptions options)
    {
        var part = new Sht3x(new ChecksumDevice(device));
        return new OpenPart(part, channel => channel == Temperature ? part.Temperature.DegreesCelsius : part.Humidity.Percent);
    }

    private static OpenPart OpenBh1750(I2cDevice device, PartOptions options)
    {
        var part = new Bh1750fvi(device);
        return new OpenPart(part, _ => part.Illuminance.Lux);
    }

    private static OpenPart OpenVl53l0x(I2cDevice device, PartOptions options)
    {
        // Which the binding takes for granted.
        Span<byte> model = stackalloc byte[1];
        device.WriteRead([ModelRegister], model);
        if (model[0] != Vl53l0xModel)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"another part is there, model 0x{model[0]:x2} and not 0x{Vl53l0xModel:x2}"));
        }

        var part = new Vl53L0X(device);
        part.MeasurementMode = MeasurementMode.Single;
        return new OpenPart(part, _ => part.GetDistanceOnce(true) is var mm && mm < NothingInRangeMm ? mm / 10.0 : null);
    }

    private static OpenPart OpenAds1115(I2cDevice device, PartOptions options)
    {
        var part = new Ads1115(device, InputMultiplexer.AIN0, MeasuringRange.FS4096, DataRate.SPS128, DeviceMode.PowerDown);
        return new OpenPart(part, channel => part.ReadVoltage(channel switch
        {
            "ain0" => InputMultiplexer.AIN0,
            "ain1" => InputMultiplexer.AIN1,
            "ain2" => InputMultiplexer.AIN2,
            _ => InputMultiplexer.AIN3,
        }).Volts);
    }

    private static OpenPart OpenIna219(I2cDevice device, PartOptions options)
    {
        var part = new Ina219(device);
        part.SetCalibration(ShuntCalibration, (float)(ShuntVoltsPerBit / options.ShuntOhms));
        return new OpenPart(part, channel => channel switch
        {
            "voltage" => part.ReadBusVoltage().Volts,
            "current" => part.ReadCurrent().Amperes,
            _ => (double)part.ReadPower().Watts,
        });
    }

    private static OpenPart OpenMcp3008(System.Device.Spi.SpiDevice device, PartOptions options)
    {
        var part = new Mcp3008(device);
        return new OpenPart(part, channel => part.Read(int.Parse(channel.AsSpan(2), CultureInfo.InvariantCulture)) / 1024.0 * options.ReferenceVolts);
    }
}
