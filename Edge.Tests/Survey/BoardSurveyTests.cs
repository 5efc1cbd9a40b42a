using System.Device.Gpio;
using Edge.Functions.Buses;
using Edge.Functions.Survey;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Survey;

public sealed class BoardSurveyTests : IDisposable
{
    private readonly FakeSysfs _sys = new();
    private readonly FakeBuses _buses = new(TimeProvider.System);

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void An_empty_board_says_what_to_switch_on()
    {
        Assert.Equal(
            [
                "gpio: no chip: everything is simulated here", "i2c: no bus | dtparam=i2c_arm=on",
                "spi: no bus | dtparam=spi=on",
                "iio: no device | dtoverlay=dht11,gpiopin=4 (a DHT22) or dtoverlay=i2c-sensor,bme280",
                "1-wire: no thermometer | dtoverlay=w1-gpio,gpiopin=4",
                "pwm: no chip | dtoverlay=pwm-2chan,pin=12,func=4,pin2=13,func2=4",
            ],
            Look());
    }

    [Fact]
    public void What_is_there_comes_with_the_line_that_uses_it()
    {
        _sys.Write("class/i2c-dev/i2c-1/name", "bcm2835 (i2c@7e804000)");
        _sys.Write("class/spidev/spidev0.1/dev", "153:1");
        _sys.Write("bus/iio/devices/iio:device0/name", "dht11\n");
        _sys.Write("bus/iio/devices/iio:device0/in_temp_input", "21000\n");
        _sys.Write("bus/iio/devices/iio:device0/in_humidityrelative_input", "45000\n");
        _sys.Write("class/hwmon/hwmon0/name", "cpu_thermal\n");
        _sys.Write("class/hwmon/hwmon0/temp1_input", "48000\n");
        _sys.Write("bus/w1/devices/28-0316a2795cff/temperature", "21000\n");
        _sys.Link("class/pwm/pwmchip0/device", "devices/1f00098000.pwm");
        foreach (int address in (int[])[0x20, 0x23, 0x27, 0x3c, 0x40, 0x60, 0x76])
        {
            _buses.I2c[address] = new RegisterFile();
        }

        Assert.Equal(
            [
                "gpio: no chip: everything is simulated here",
                "i2c: bus 1 address 0x20 answers, perhaps a mcp23017 or pcf8574 | expanders: [{name: relays, kind: mcp23017, bus: 1, address: 0x20}]",
                "i2c: bus 1 address 0x23 answers, perhaps a bh1750 | part: {kind: bh1750, bus: 1, address: 0x23}",
                "i2c: bus 1 address 0x27 answers, perhaps a hd44780 display (or mcp23017, pcf8574) | displays: [{name: panel, kind: hd44780, bus: 1, address: 0x27}]",
                "i2c: bus 1 address 0x3c answers, perhaps a ssd1306 display | displays: [{name: panel, kind: ssd1306, bus: 1, address: 0x3c}]",
                "i2c: bus 1 address 0x40 answers, perhaps a pca9685 or ina219 | expanders: [{name: servos, kind: pca9685, bus: 1, address: 0x40}]",
                "i2c: bus 1 address 0x60 answers",
                "i2c: bus 1 address 0x76 answers, perhaps a bme280, bmp280 or bme680 | part: {kind: bme280, bus: 1, address: 0x76}",
                "spi: bus 0 chip select 1 | part: {kind: mcp3008, bus: 0, chipSelect: 1, channel: ch0}",
                "iio: dht11, humidityrelative | iio: {device: dht11, channel: humidityrelative}",
                "iio: dht11, temp | iio: {device: dht11, channel: temp}",
                "hwmon: cpu_thermal, temp1 | hwmon: {device: cpu_thermal, channel: temp1}",
                "1-wire: thermometer 28-0316a2795cff | oneWire: 28-0316a2795cff",
                "pwm: 1f00098000.pwm (pwmchip0) | pwm: {chip: 1f00098000.pwm, channel: 0}",
            ],
            Look());
    }

    [Fact]
    public void Chips_are_listed_with_their_lines_and_the_header_s_is_named()
    {
        GpioChipInfo[] chips = [new(0, "gpiochip0", "gpio-brcmstb", 32), new(11, "gpiochip11", "pinctrl-rp1", 54)];
        Assert.Equal(
            [
                "gpio-brcmstb (gpiochip0) with 32 lines, 0 to 31 | line: {chip: gpio-brcmstb, offset: 0}",
                "pinctrl-rp1 (gpiochip11) with 54 lines, 0 to 53, the header's | line: 17",
            ],
            new BoardSurvey(_sys.Root, chips, _buses.Board).Look().Where(f => f.Topic == "gpio").Select(f => $"{f.Text} | {f.Suggestion}"));
    }

    [Fact]
    public void Chips_that_cannot_be_opened_say_what_to_install_and_whom_to_let_in()
    {
        _sys.Write("bus/gpio/devices/gpiochip0/uevent", "");
        Assert.Equal("gpio: the kernel has gpiochip0, which cannot be opened: everything is simulated here | sudo apt install libgpiod3 (bookworm: libgpiod2); sudo usermod -aG gpio USER", Look()[0]);
    }

    [Fact]
    public void Chips_without_a_header_say_how_to_name_one()
    {
        GpioChipInfo[] chips = [new(0, "gpiochip0", "gpio-ich", 76)];
        Assert.Contains(new BoardSurvey(_sys.Root, chips, _buses.Board).Look(), f => f == new Finding("gpio", "none is a Raspberry Pi's header: everything is simulated here", "gpio: {chip: gpio-ich}"));
    }

    [Fact]
    public void A_bus_that_hangs_ends_its_survey_and_is_named()
    {
        _sys.Write("class/i2c-dev/i2c-1/name", "x");
        var hanging = new BusBoard(_ => throw new IOException("no answer within 0.5 s"), _ => throw new IOException("none"), TimeProvider.System);
        Assert.Contains(new BoardSurvey(_sys.Root, Array.Empty<GpioChipInfo>(), hanging).Look(), f => f.Text == "bus 1 hangs: a part holds its lines; unplug parts one by one");
    }

    [Fact]
    public void Software_PWM_is_named_as_such()
    {
        var settings = TestHouse.ReadSettings("devices: [{name: lamp, kind: dimmer, pwm: {line: 18, software: true}}, {name: glow, kind: dimmer, pwm: 0}]");
        Assert.Equal(["lamp has software PWM on line 18: it may flicker on a busy board; hardware PWM is steady (GPIO 12 and 13, or a pca9685) (edge.yaml, line 1)."], SoftwarePwm.Notices(settings.Devices));
    }

    [Fact]
    public void A_declared_part_that_does_not_answer_is_one_line()
    {
        var settings = TestHouse.ReadSettings("""
            expanders: [{name: relays, kind: mcp23017, address: 0x21}]
            displays: [{name: panel, kind: ssd1306}]
            devices:
              - {name: attic, kind: sensor, quantity: humidity, part: {kind: sht3x}}
              - {name: cellar, kind: sensor, quantity: temperature, iio: {device: dht11, channel: temp}}
              - {name: fine, kind: sensor, quantity: temperature, simulated: 20}
            """);
        var missing = DeclaredParts.Missing(settings.Devices, settings.Expanders, settings.Displays, _sys.Root, TimeSpan.FromSeconds(2), _buses.Board, TimeProvider.System);
        Assert.Equal(4, missing.Count);
        Assert.StartsWith("attic: humidity of the sht3x on I2C bus 1 address 0x44 does not answer (", missing[0], StringComparison.Ordinal);
        Assert.StartsWith("cellar: IIO channel temp of dht11 is not there; enable its overlay in config.txt", missing[1], StringComparison.Ordinal);
        Assert.StartsWith("relays (mcp23017 on I2C bus 1 address 0x21) does not answer (", missing[2], StringComparison.Ordinal);
        Assert.StartsWith("panel (ssd1306 on I2C bus 1 address 0x3c) does not answer (", missing[3], StringComparison.Ordinal);
        Assert.All(missing, line => Assert.EndsWith(").", line, StringComparison.Ordinal));
    }

    private List<string> Look() => [.. new BoardSurvey(_sys.Root, Array.Empty<GpioChipInfo>(), _buses.Board).Look().Select(f => $"{f.Topic}: {f.Text}{(f.Suggestion is null ? "" : " | " + f.Suggestion)}")];
}
