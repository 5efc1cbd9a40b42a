using System.Device.I2c;
using System.Device.Spi;
using Edge.Functions.Buses;
using Edge.Functions.Gpio;
using Edge.Functions.Sensors;
using Edge.Functions.Sensors.Parts;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Sensors.Parts;

/// <summary>Each part against a register file with the values of its data sheet.</summary>
public sealed class PartSensorTests
{
    /// <summary>Bosch BMP280 data sheet, 3.11.3 and 8.1: these readings are 25.08 °C and 100653 Pa.</summary>
    private static RegisterFile Bosch(byte id) => new RegisterFile()
        .Set(0xD0, id)
        .SetLittle(0x88, 27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000)
        .Set(0xF7, 0x65, 0x5A, 0xC0, 0x7E, 0xED, 0x00);

    [Theory]
    [InlineData("temperature", 25.08, 0.005)]
    [InlineData("pressure", 1006.53, 0.05)]
    public void The_BMP280_s_data_sheet_example_comes_out(string channel, double value, double tolerance) =>
        Assert.Equal(value, Measure("bmp280", 0x76, Bosch(0x58), channel), tolerance);

    [Theory]
    [InlineData("temperature", 25.08, 0.005)]
    [InlineData("pressure", 1006.53, 0.05)]
    public void The_BME280_computes_as_the_BMP280(string channel, double value, double tolerance) =>
        Assert.Equal(value, Measure("bme280", 0x76, Bosch(0x60), channel), tolerance);

    /// <summary>Humidity by data sheet BME280 4.2.3 in floating point, for the calibration given here.</summary>
    [Fact]
    public void The_BME280_s_humidity_is_the_data_sheet_s_formula()
    {
        const double TFine = 128422, Adc = 0x6A00, H1 = 75, H2 = 361, H3 = 0, H4 = 324, H5 = 50, H6 = 30;
        double h = TFine - 76800;
        h = (Adc - ((H4 * 64) + (H5 / 16384 * h))) * (H2 / 65536 * (1 + (H6 / 67108864 * h * (1 + (H3 / 67108864 * h)))));
        h *= 1 - (H1 * h / 524288);
        var part = Bosch(0x60).Set(0xA1, 75).SetLittle(0xE1, 361).Set(0xE3, 0, 324 >> 4, (324 & 15) | ((50 & 15) << 4), 50 >> 4, 30).Set(0xFD, 0x6A, 0x00);
        Assert.Equal(h, Measure("bme280", 0x76, part, "humidity"), 0.1);
    }

    /// <summary>Temperature by data sheet BME680 3.3.1 in floating point.</summary>
    [Fact]
    public void The_BME680_s_temperature_is_the_data_sheet_s_formula()
    {
        const double Adc = 0x77000, T1 = 26041, T2 = 26469, T3 = 3;
        double fine = (((Adc / 16384) - (T1 / 1024)) * T2) + (Math.Pow((Adc / 131072) - (T1 / 8192), 2) * T3 * 16);
        var part = new RegisterFile().Set(0xD0, 0x61).SetLittle(0xE9, 26041).SetLittle(0x8A, 26469).Set(0x8C, 3).Set(0x1D, 0x80).Set(0x22, 0x77, 0x00, 0x00);
        Assert.Equal(fine / 5120, Measure("bme680", 0x76, part, "temperature"), 0.02);
    }

    /// <summary>
    /// Humidity, pressure and gas by Bosch's data sheet BME680 3.3.2, 3.3.3 and 3.4.1 in floating point, written out here once more, with
    /// calibration as parts have it.
    /// </summary>
    [Theory]
    [InlineData("humidity", 0.05)]
    [InlineData("pressure", 0.05)]
    [InlineData("gas", 1)]
    public void The_BME680_s_other_channels_are_the_data_sheet_s_formulas(string channel, double tolerance)
    {
        const double T1 = 26041, T2 = 26469, T3 = 3, TAdc = 0x77000;
        double fine = (((TAdc / 16384) - (T1 / 1024)) * T2) + (Math.Pow((TAdc / 131072) - (T1 / 8192), 2) * T3 * 16);
        double expected = channel switch { "humidity" => Humidity(), "pressure" => Pascals() / 100, _ => Ohms() };
        Assert.Equal(expected, Measure("bme680", 0x76, Part(), channel), tolerance);
        Assert.InRange(expected, channel switch { "humidity" => 10, "pressure" => 800, _ => 1000 }, channel switch { "humidity" => 90, "pressure" => 1200, _ => 1e6 });

        double Humidity()
        {
            const double Adc = 0x4E20, H1 = 813, H2 = 1010, H3 = 0, H4 = 45, H5 = 20, H6 = 120, H7 = -100;
            double celsius = fine / 5120;
            double v1 = Adc - ((H1 * 16) + (H3 / 2 * celsius));
            double v2 = v1 * (H2 / 262144 * (1 + (H4 / 16384 * celsius) + (H5 / 1048576 * celsius * celsius)));
            return v2 + (((H6 / 16384) + (H7 / 2097152 * celsius)) * v2 * v2);
        }

        double Pascals()
        {
            const double Adc = 0x5C000, P1 = 36673, P2 = -10515, P3 = 88, P4 = 7310, P5 = -129, P6 = 30, P7 = 46, P8 = -2177, P9 = -2474, P10 = 30;
            double v1 = (fine / 2) - 64000;
            double v2 = v1 * v1 * (P6 / 131072);
            v2 += v1 * P5 * 2;
            v2 = (v2 / 4) + (P4 * 65536);
            v1 = ((P3 * v1 * v1 / 16384) + (P2 * v1)) / 524288;
            v1 = (1 + (v1 / 32768)) * P1;
            double p = (1048576 - Adc - (v2 / 4096)) * 6250 / v1;
            return p + (((P9 * p * p / 2147483648) + (p * (P8 / 32768)) + (Math.Pow(p / 256, 3) * (P10 / 131072)) + (P7 * 128)) / 16);
        }

        // Range 4: constants 1 and 0 of table 16 (no correction), 16 × 125 ns.
        double Ohms() => 1 / ((1 + (0.1 / 100)) * 0.000000125 * 16 * (((600 - 512.0) / 1340) + 1));

        RegisterFile Part() => new RegisterFile { Fixed = { 0x1D } }.Set(0xD0, 0x61).SetLittle(0xE9, 26041).SetLittle(0x8A, 26469).Set(0x8C, 3)
            .SetLittle(0x8E, 36673, -10515).Set(0x92, 88).SetLittle(0x94, 7310, -129).Set(0x98, 46, 30).SetLittle(0x9C, -2177, -2474).Set(0xA0, 30)
            .Set(0xE1, 1010 >> 4, ((1010 & 15) << 4) | (813 & 15), 813 >> 4, 0, 45, 20, 120, unchecked((byte)-100))
            .Set(0x1D, 0x80).Set(0x1F, 0x5C, 0, 0).Set(0x22, 0x77, 0, 0).Set(0x25, 0x4E, 0x20).Set(0x2A, 600 >> 2, ((600 & 3) << 6) | 0x30 | 4);
    }

    /// <summary>Sensirion SHT3x data sheet, 4.12 and 4.13; its CRC example is 0xBEEF → 0x92. The binding rounds to 0.1.</summary>
    [Theory]
    [InlineData("temperature", -45 + (175.0 * 0xBEEF / 65535))]
    [InlineData("humidity", 100.0 * 0xBEEF / 65535)]
    public void The_SHT3x_follows_its_formula(string channel, double value) =>
        Assert.Equal(value, Measure("sht3x", 0x44, new RegisterFile { Always = [0xBE, 0xEF, 0x92, 0xBE, 0xEF, 0x92] }, channel), 0.05);

    [Fact]
    public void An_SHT3x_with_a_wrong_checksum_gives_no_reading() =>
        Assert.Throws<HardwareFault>(() => Measure("sht3x", 0x44, new RegisterFile { Always = [0xBE, 0xEF, 0x93, 0xBE, 0xEF, 0x93] }, "temperature"));

    /// <summary>ROHM BH1750FVI data sheet, measurement sequence example: 0x83, 0x90 are 28067 lx.</summary>
    [Fact]
    public void The_BH1750_s_data_sheet_example_comes_out() =>
        Assert.Equal(28067, Measure("bh1750", 0x23, new RegisterFile { Always = [0x83, 0x90] }, "light"), 1.0);

    /// <summary>TI ADS1115 data sheet, table 3: half of full scale (4.096 V) is 0x4000.</summary>
    [Theory]
    [InlineData("ain0", 0x40, 2.048)]
    [InlineData("ain3", 0x10, 0.512)]
    public void The_ADS1115_is_in_volts(string channel, byte high, double volts) =>
        Assert.Equal(volts, Measure("ads1115", 0x48, new RegisterFile(2).Set(0, high, 0).Set(1, 0x85, 0x83), channel), 0.001);

    /// <summary>TI INA219 data sheet, table 8: 2 mΩ, 20 mV at the shunt, 11.98 V on the bus are 10 A and 119.8 W.</summary>
    [Theory]
    [InlineData("voltage", 11.98, 0.001)]
    [InlineData("current", 10, 0.001)]
    [InlineData("power", 119.8, 0.01)]
    public void The_INA219_s_data_sheet_example_comes_out(string channel, double value, double tolerance)
    {
        // Current = shunt × calibration / 4096, power = current × bus / 5000: what the part computes with this calibration.
        var part = new RegisterFile(2).Set(1, 0x07, 0xD0).Set(2, 0x5D, 0x98).Set(3, 1198 >> 8, 1198 & 255).Set(4, 0x07, 0xD0);
        Assert.Equal(value, Measure("ina219", 0x40, part, channel, new PartOptions(ShuntOhms: 0.002)), tolerance);
        Assert.Equal(0x10, part[5]);
    }

    /// <summary>Microchip MCP3008 data sheet, equation 4-2: code = 1024 × Vin / Vref.</summary>
    [Theory]
    [InlineData("ch0", 0)]
    [InlineData("ch7", 7)]
    public void The_MCP3008_is_in_volts_of_its_reference(string channel, int expected)
    {
        var spi = new Mcp3008Registers(512);
        var buses = new FakeBuses(TimeProvider.System) { Spi = spi };
        using var board = new PartBoard(buses.Board);
        Assert.Equal(1.65, board.Measure(new SensorSource.Part("mcp3008", new BusAddress.Spi(0, 0), channel, new PartOptions())), 3);
        Assert.Equal(expected, spi.Channel);
    }

    /// <summary>ST VL53L0X data sheet, table 4 (reference registers) and ST's API for the flags; the distance stands at 0x14 + 10, in mm.</summary>
    [Theory]
    [InlineData(500, 50)]
    [InlineData(8190, null)]
    public void The_VL53L0X_is_in_centimetres_and_nothing_in_range_is_no_reading(int mm, int? centimetres)
    {
        var part = new RegisterFile { Fixed = { 0x00, 0x13, 0x83 } }.Set(0xC0, 0xEE, 0xAA, 0x10).Set(0x83, 1).Set(0x13, 7).Set(0x1E, (byte)(mm >> 8), (byte)mm);
        if (centimetres is { } cm)
        {
            Assert.Equal(cm, Measure("vl53l0x", 0x29, part, "distance"), 0.01);
        }
        else
        {
            Assert.Throws<HardwareFault>(() => Measure("vl53l0x", 0x29, part, "distance"));
        }
    }

    /// <summary>ST's API: the stop variable read at start (register 0x91) is written back before each measurement is started (0x00).</summary>
    [Fact]
    public void The_VL53L0X_is_started_as_its_maker_does()
    {
        var part = new RegisterFile { Fixed = { 0x00, 0x13, 0x83 } }.Set(0xC0, 0xEE, 0xAA, 0x10).Set(0x83, 1).Set(0x13, 7).Set(0x1E, 0, 200).Set(0x91, 0x3C);
        Assert.Equal(20, Measure("vl53l0x", 0x29, part, "distance"), 0.01);
        var written = part.Written.Where(w => w.Length == 2).Select(w => (w[0], w[1])).ToList();
        int standard = written.IndexOf((0x88, 0x00));
        int stop = written.LastIndexOf((0x91, 0x3C));
        int start = written.FindIndex(Math.Max(stop, 0), w => w.Item1 == 0x00 && (w.Item2 & 1) == 1);
        Assert.True(standard >= 0 && standard < stop && stop < start, string.Join(' ', written));
    }

    [Fact]
    public void A_VL53L0X_that_is_another_part_gives_no_reading() =>
        Assert.Throws<HardwareFault>(() => Measure("vl53l0x", 0x29, new RegisterFile { Fixed = { 0x00, 0x13, 0x83 } }.Set(0xC0, 0x11).Set(0x83, 1).Set(0x13, 7), "distance"));

    [Fact]
    public void Sensors_of_one_part_open_it_once()
    {
        var buses = new FakeBuses(TimeProvider.System) { I2c = { [0x76] = Bosch(0x58) } };
        using var board = new PartBoard(buses.Board);
        board.Measure(Source("bmp280", 0x76, "temperature"));
        board.Measure(Source("bmp280", 0x76, "pressure"));
        Assert.Equal(1, buses.Opened);
    }

    [Fact]
    public void A_part_unplugged_gives_no_reading_and_is_opened_anew_when_it_is_back()
    {
        var part = Bosch(0x58);
        var buses = new FakeBuses(TimeProvider.System) { I2c = { [0x76] = part } };
        using var board = new PartBoard(buses.Board);
        board.Measure(Source("bmp280", 0x76, "temperature"));
        part.IsUnplugged = true;
        var fault = Assert.Throws<HardwareFault>(() => board.Measure(Source("bmp280", 0x76, "temperature")));
        Assert.Equal("temperature of the bmp280 on I2C bus 1 address 0x76 does not answer (Error 121 performing I2C data transfer); check its wiring, and that \"edge check\" lists its address.", fault.Message);
        part.IsUnplugged = false;
        Assert.Equal(25.08, board.Measure(Source("bmp280", 0x76, "temperature")), 0.005);
        Assert.Equal(2, buses.Opened);
    }

    [Fact]
    public void Another_chip_at_the_address_gives_no_reading() =>
        Assert.Throws<HardwareFault>(() => Measure("bme280", 0x76, Bosch(0x58), "temperature"));

    [Theory]
    [InlineData("part: {kind: bme280}", "humidity", "humidity of the bme280 on I2C bus 1 address 0x76")]
    [InlineData("part: {kind: sht3x, bus: 3, address: 0x45}", "temperature", "temperature of the sht3x on I2C bus 3 address 0x45")]
    [InlineData("part: {kind: mcp3008, chipSelect: 1, channel: ch2}", "voltage", "ch2 of the mcp3008 on SPI bus 0 chip select 1")]
    [InlineData("oneWire: 28-0316a2795cff", "temperature", "1-wire thermometer 28-0316a2795cff")]
    public void Settings_name_part_and_place(string source, string quantity, string expected)
    {
        var device = TestHouse.ReadSettings($"devices: [{{name: s, kind: sensor, quantity: {quantity}, {source}}}]").Devices[0];
        Assert.Equal(expected, ((Functions.Devices.Wiring.Measuring)device.Wiring).Sensor.Source.ToString());
    }

    [Theory]
    [InlineData("part: {kind: bme281}", "devices[0].part.kind is \"bme281\"; use one of bme280, bmp280, bme680, sht3x, bh1750, vl53l0x, ads1115, ina219, mcp3008, perhaps bme280 (edge.yaml, line 1).")]
    [InlineData("part: {kind: ads1115}", "devices[0].part.channel is missing; a ads1115 has ain0, ain1, ain2, ain3 (edge.yaml, line 1).")]
    [InlineData("part: {kind: bme280, address: 0x80}", "devices[0].part.address is 0x80; use 8 to 119 (edge.yaml, line 1).")]
    [InlineData("oneWire: 10-000", "devices[0].oneWire is 10-000; use the number of a DS18B20 as /sys/bus/w1/devices shows it, 28-000000000000 (edge.yaml, line 1).")]
    public void A_wrong_part_is_one_line(string source, string fault) =>
        Assert.Contains(fault, TestHouse.FaultsOf($"devices: [{{name: s, kind: sensor, quantity: temperature, {source}}}]"));

    private static SensorSource.Part Source(string kind, int address, string channel, PartOptions? options = null) =>
        new(kind, new BusAddress.I2c(1, address), channel, options ?? new PartOptions());

    private static double Measure(string kind, int address, I2cDevice part, string channel, PartOptions? options = null)
    {
        var buses = new FakeBuses(TimeProvider.System) { I2c = { [address] = part } };
        using var board = new PartBoard(buses.Board);
        return board.Measure(Source(kind, address, channel, options));
    }

    /// <summary>Data sheet, figure 6-1: start bit, single-ended bit, three bits of channel; ten bits come back in the last two bytes.</summary>
    private sealed class Mcp3008Registers(int code) : SpiDevice
    {
        public int Channel { get; private set; } = -1;

        public override SpiConnectionSettings ConnectionSettings { get; } = new(0, 0);

        public override void Read(Span<byte> buffer) => throw new NotSupportedException();

        public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

        public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            int request = 0;
            foreach (byte b in writeBuffer)
            {
                request = (request << 8) | b;
            }

            int bits = writeBuffer.Length * 8;
            int start = bits - 1;
            while (start > 0 && (request & (1 << start)) == 0)
            {
                start--;
            }

            Channel = (request >> (start - 4)) & 7;
            readBuffer.Clear();
            readBuffer[^1] = (byte)code;
            readBuffer[^2] = (byte)(code >> 8);
        }
    }
}
