using Edge.Functions.Gpio;
using Edge.Functions.Sensors;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Sensors;

public sealed class SysfsSensorTests : IDisposable
{
    private readonly FakeSysfs _sys = new();

    public void Dispose() => _sys.Dispose();

    [Theory]
    [InlineData("temp", "21500", 21.5)]
    [InlineData("humidityrelative", "45200", 45.2)]
    [InlineData("pressure", "101.325", 1013.25)]
    [InlineData("illuminance", "320", 320)]
    public void An_IIO_channel_comes_in_everyday_units(string channel, string file, double value)
    {
        _sys.Write("bus/iio/devices/iio:device0/name", "other\n");
        _sys.Write("bus/iio/devices/iio:device3/name", "bme280\n");
        _sys.Write($"bus/iio/devices/iio:device3/in_{channel}_input", file + "\n");
        Assert.Equal(value, Measure(new SensorSource.Iio("bme280", channel)), 6);
    }

    [Fact]
    public void A_raw_channel_is_offset_then_scaled_by_its_own_or_its_kind_s_files()
    {
        // ADS1115, voltage0: raw × scale = millivolts. (1600 + 0) × 0.125 mV = 0.2 V
        _sys.Write("bus/iio/devices/iio:device0/name", "ads1115\n");
        _sys.Write("bus/iio/devices/iio:device0/in_voltage0_raw", "1600\n");
        _sys.Write("bus/iio/devices/iio:device0/in_voltage0_scale", "0.125\n");
        Assert.Equal(0.2, Measure(new SensorSource.Iio("ads1115", "voltage0")), 6);

        _sys.Write("bus/iio/devices/iio:device1/name", "adc\n");
        _sys.Write("bus/iio/devices/iio:device1/in_voltage2_raw", "90\n");
        _sys.Write("bus/iio/devices/iio:device1/in_voltage_scale", "20\n");
        _sys.Write("bus/iio/devices/iio:device1/in_voltage_offset", "10\n");
        Assert.Equal(2, Measure(new SensorSource.Iio("adc", "voltage2")), 6);
    }

    [Fact]
    public void A_hwmon_channel_comes_in_everyday_units()
    {
        _sys.Write("class/hwmon/hwmon1/name", "cpu_thermal\n");
        _sys.Write("class/hwmon/hwmon1/temp1_input", "48312\n");
        Assert.Equal(48.312, Measure(new SensorSource.Hwmon("cpu_thermal", "temp1")), 6);
    }

    [Fact]
    public void A_file_gives_its_number()
    {
        _sys.Write("bus/w1/devices/28-1/temperature", "19250\n");
        Assert.Equal(19250, Measure(new SensorSource.NumberFile("bus/w1/devices/28-1/temperature")));
    }

    /// <summary>Analog Devices DS18B20 data sheet, table 1 (temperature/data relationship), in the kernel's thousandths of a degree.</summary>
    [Theory]
    [InlineData(0x07D0, 125)]
    [InlineData(0x0191, 25.0625)]
    [InlineData(0x00A2, 10.125)]
    [InlineData(0x0008, 0.5)]
    [InlineData(0x0000, 0)]
    [InlineData(0xFFF8, -0.5)]
    [InlineData(0xFF5E, -10.125)]
    [InlineData(0xFE6F, -25.0625)]
    [InlineData(0xFC90, -55)]
    public void The_DS18B20_s_table_comes_out(int register, double celsius)
    {
        // As w1_therm converts: sixteenths of a degree to whole thousandths.
        _sys.Write("bus/w1/devices/28-0316a2795cff/temperature", $"{(short)register * 1000 / 16}\n");
        Assert.Equal(celsius, Measure(new SensorSource.OneWire("28-0316a2795cff")), 0.001);
    }

    [Fact]
    public void What_a_DS18B20_holds_before_its_first_measurement_is_no_reading()
    {
        _sys.Write("bus/w1/devices/28-0316a2795cff/temperature", "85000\n");
        Assert.Contains("power-on value of 85", Assert.Throws<HardwareFault>(() => Measure(new SensorSource.OneWire("28-0316a2795cff"))).Message, StringComparison.Ordinal);
        _sys.Write("bus/w1/devices/28-0316a2795cff/temperature", "84937\n");
        Assert.Equal(84.937, Measure(new SensorSource.OneWire("28-0316a2795cff")), 0.001);
    }

    [Fact]
    public void A_DS18B20_that_is_off_the_bus_is_no_reading() =>
        Assert.StartsWith("1-wire thermometer 28-0316a2795cff cannot be read", Assert.Throws<HardwareFault>(() => Measure(new SensorSource.OneWire("28-0316a2795cff"))).Message, StringComparison.Ordinal);

    /// <summary>Linux, drivers/iio/proximity/srf04.c: raw is millimetres, the scale makes metres; Edge says centimetres.</summary>
    [Fact]
    public void An_HC_SR04_through_its_driver_is_in_centimetres()
    {
        _sys.Write("bus/iio/devices/iio:device0/name", "srf04\n");
        _sys.Write("bus/iio/devices/iio:device0/in_distance_raw", "532\n");
        _sys.Write("bus/iio/devices/iio:device0/in_distance_scale", "0.001000\n");
        Assert.Equal(53.2, Measure(new SensorSource.Iio("srf04", "distance")), 6);
    }

    [Fact]
    public void A_device_that_is_not_there_is_a_fault_with_the_way_out()
    {
        var fault = Assert.Throws<HardwareFault>(() => Measure(new SensorSource.Iio("dht11", "temp")));
        Assert.StartsWith("IIO channel temp of dht11 is not there; enable its overlay", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ERR")]
    [InlineData("nan")]
    [InlineData("1e999")]
    public void What_is_no_number_is_no_reading(string content)
    {
        _sys.Write("x", content);
        Assert.Contains("not a number", Assert.Throws<HardwareFault>(() => Measure(new SensorSource.NumberFile("x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_outside_what_can_be_is_no_reading()
    {
        var declaration = new SensorDeclaration(Quantity.Of("temperature"), "°C", new SensorSource.Simulated(0), 0.001, 0, -60, 150, null);
        var sensor = new SimulatedSensor(21_500);
        Assert.Equal(21.5, new ScaledSensor(sensor, declaration).Measure(), 6);
        sensor.Value = 999_999;
        Assert.Equal(
            "simulated gives 1000 °C, outside -60 to 150; check its wiring.",
            Assert.Throws<HardwareFault>(() => new ScaledSensor(sensor, declaration).Measure()).Message);
    }

    private double Measure(SensorSource source) => new SysfsSensor(source, _sys.Root).Measure();
}
