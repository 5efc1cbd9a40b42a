using System.Device.Gpio;
using Edge.Functions.Survey;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Survey;

public sealed class DeclaredChipsTests : IDisposable
{
    private static readonly GpioChipInfo[] s_pi = [new(0, "gpiochip0", "gpio-brcmstb", 32), new(11, "gpiochip11", "pinctrl-rp1", 54)];

    private readonly FakeSysfs _sys = new();

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void What_is_there_is_not_missing()
    {
        _sys.Link("class/pwm/pwmchip2/device", "devices/1f00098000.pwm");
        _sys.Write("class/pwm/pwmchip2/npwm", "4\n");
        Assert.Empty(Missing("""
            expanders: [{name: relays, kind: mcp23017}, {name: servos, kind: pca9685}]
            devices:
              - {name: lamp, kind: light, line: 17}
              - {name: fan, kind: fan, line: {chip: gpio-brcmstb, offset: 31}}
              - {name: pump, kind: switch, line: {chip: relays, offset: 3}}
              - {name: glow, kind: dimmer, pwm: 3}
              - {name: arm, kind: servo, pwm: {chip: servos, channel: 0}}
              - {name: dim, kind: dimmer, pwm: {line: 18, software: true}}
            """));
    }

    [Theory]
    [InlineData("gpio: {chip: pinctrl-bcm2711}", "gpio.chip is pinctrl-bcm2711, which this machine does not have; use gpio-brcmstb, pinctrl-rp1 (edge.yaml, line 1).")]
    [InlineData("devices: [{name: lamp, kind: light, line: 60}]", "lamp: pinctrl-rp1 has no line 60; use 0 to 53 (edge.yaml, line 1).")]
    [InlineData("devices: [{name: lamp, kind: light, line: {chip: relay-board, offset: 0}}]", "lamp: chip relay-board is not there; use gpio-brcmstb, pinctrl-rp1 (edge.yaml, line 1).")]
    [InlineData("devices: [{name: glow, kind: dimmer, pwm: 0}]", "glow: PWM channel 0 of the header is not there; add dtoverlay=pwm-2chan,pin=12,func=4,pin2=13,func2=4 to /boot/firmware/config.txt (edge.yaml, line 1).")]
    public void What_is_not_there_is_one_line_with_place_and_way_out(string settings, string line) => Assert.Equal([line], Missing(settings));

    [Fact]
    public void A_chip_has_the_channels_it_says()
    {
        _sys.Link("class/pwm/pwmchip0/device", "devices/1f00098000.pwm");
        _sys.Write("class/pwm/pwmchip0/npwm", "4\n");
        Assert.Equal(["glow: 1f00098000.pwm has no PWM channel 7; use 0 to 3 (edge.yaml, line 1)."], Missing("devices: [{name: glow, kind: dimmer, pwm: 7}]"));
        Assert.Equal(["glow: PWM channel 0 of 20c000.pwm is not there; use chip 1f00098000.pwm (edge.yaml, line 1)."], Missing("devices: [{name: glow, kind: dimmer, pwm: {chip: 20c000.pwm, channel: 0}}]"));
    }

    [Theory]
    [InlineData("gpio: {driver: simulated}\n")]
    [InlineData("gpio: {chip: simulated}\n")]
    public void On_a_simulated_board_nothing_is_missing(string gpio) => Assert.Empty(Missing(gpio + "devices: [{name: glow, kind: dimmer, pwm: 0}]"));

    [Fact]
    public void Nor_where_Edge_simulates_for_want_of_a_header()
    {
        Assert.Empty(Missing("devices: [{name: glow, kind: dimmer, pwm: 0}]", []));
        Assert.Equal(["gpio.chip is rp1, which this machine does not have; use driver: simulated (edge.yaml, line 1)."], Missing("gpio: {chip: rp1}", []));
    }

    [Theory]
    [InlineData("expanders: [{name: relays, kind: mcp23017}]", "dtparam=i2c_arm=on")]
    [InlineData("displays: [{name: panel, kind: ssd1306, bus: 3}]", "dtoverlay=i2c3")]
    [InlineData("devices: [{name: attic, kind: sensor, quantity: humidity, part: {kind: sht3x}}]", "dtparam=i2c_arm=on")]
    [InlineData("devices: [{name: soil, kind: sensor, quantity: voltage, part: {kind: mcp3008, channel: ch0}}]", "dtparam=spi=on")]
    [InlineData("devices: [{name: shelf, kind: strip, leds: 60}]", "dtparam=spi=on")]
    [InlineData("devices: [{name: cellar, kind: sensor, quantity: temperature, iio: {device: dht11, channel: temp}}]", "dtoverlay=dht11,gpiopin=4")]
    [InlineData("devices: [{name: tank, kind: sensor, quantity: distance, iio: {device: srf04, channel: distance}}]", "dtoverlay=hc-sr04,trigger=23,echo=24")]
    [InlineData("devices: [{name: roof, kind: sensor, quantity: temperature, iio: {device: bme280, channel: temp}}]", "dtoverlay=i2c-sensor,bme280")]
    [InlineData("devices: [{name: pool, kind: sensor, quantity: temperature, oneWire: 28-0316a2795cff}]", "dtoverlay=w1-gpio,gpiopin=4")]
    [InlineData("devices: [{name: glow, kind: dimmer, pwm: 0}, {name: arm, kind: servo, pwm: 1}]", "dtoverlay=pwm-2chan,pin=12,func=4,pin2=13,func2=4")]
    public void Each_thing_declared_names_the_line_that_config_txt_lacks(string settings, string line)
    {
        Assert.Equal([line], ToAdd(settings));
        _sys.Write("class/i2c-dev/i2c-1/name", "x");
        _sys.Write("class/i2c-dev/i2c-3/name", "x");
        _sys.Write("class/spidev/spidev0.0/dev", "153:0");
        _sys.Write("bus/iio/devices/iio:device0/name", "dht11\n");
        _sys.Write("bus/iio/devices/iio:device1/name", "srf04\n");
        _sys.Write("bus/iio/devices/iio:device2/name", "bme280\n");
        _sys.Write("bus/w1/devices/w1_bus_master1/w1_master_slave_count", "0\n");
        _sys.Link("class/pwm/pwmchip2/device", "devices/1f00098000.pwm");
        Assert.Empty(ToAdd(settings));
    }

    private IReadOnlyList<string> Missing(string yaml, GpioChipInfo[]? chips = null)
    {
        var settings = TestHouse.ReadSettings(yaml);
        return DeclaredChips.Missing(settings.Gpio, settings.Devices, settings.Expanders, _sys.Root, chips ?? s_pi);
    }

    private IReadOnlyList<string> ToAdd(string yaml)
    {
        var settings = TestHouse.ReadSettings(yaml);
        return Overlays.ToAdd(settings.Devices, settings.Expanders, settings.Displays, _sys.Root);
    }
}
