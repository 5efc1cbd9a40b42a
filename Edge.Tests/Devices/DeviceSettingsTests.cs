using Edge.Functions.Devices;
using Edge.Functions.Pwm;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Devices;

public class DeviceSettingsTests
{
    [Fact]
    public void Every_kind_is_read_with_its_wiring()
    {
        var devices = TestHouse.ReadSettings("""
            devices:
              - {name: a light, kind: light, line: 17, room: hall}
              - {name: a dimmer, kind: dimmer, pwm: {chip: 1f00098000.pwm, channel: 2, frequency: 500}, min: 10, max: 90, safe: 20}
              - {name: a switch, kind: switch, line: {chip: pcf8574, offset: 3}, activeLow: true, safe: on, onMax: 10min, pulseMax: 2s}
              - {name: a fan, kind: fan, line: 22}
              - {name: a fast fan, kind: fan, pwm: 0}
              - {name: some blinds, kind: cover, open: 23, close: 24, travel: 12s}
              - {name: a gate, kind: cover, line: 25}
              - {name: a lock, kind: lock, line: 26, safe: unlocked}
              - {name: a servo, kind: servo, pwm: 1, min: -45, max: 45, safe: 0, pulse: {minUs: 600, maxUs: 2400}}
              - {name: a buzzer, kind: buzzer, line: 16, max: 5}
              - {name: a tone, kind: buzzer, pwm: {channel: 3}}
              - {name: a sensor, kind: sensor, quantity: temperature, simulated: 20, expose: false}
              - {name: a contact, kind: contact, line: 5}
              - {name: a button, kind: button, line: 6}
              - {name: a motion, kind: motion, line: 7}
            """).Devices;

        Assert.Equal(new Wiring.Output(new LineAddress(null, 17), false, false), devices[0].Wiring);
        Assert.Equal(("hall", "edge.yaml, line 2"), (devices[0].Room, devices[0].Place));
        Assert.Equal(new Wiring.Level(new PwmAddress("1f00098000.pwm", 2), 500, 20), devices[1].Wiring);
        Assert.Equal((10, 90), (devices[1].Limits.LevelMin, devices[1].Limits.LevelMax));
        Assert.Equal(new Wiring.Output(new LineAddress("pcf8574", 3), true, true), devices[2].Wiring);
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(2)), (devices[2].Limits.OnMax, devices[2].Limits.PulseMax));
        Assert.False(devices[3].Can(DeviceSkills.Level));
        Assert.True(devices[4].Can(DeviceSkills.Level));
        Assert.Equal(TimeSpan.FromSeconds(12), Assert.IsType<Wiring.TwoWay>(devices[5].Wiring).Travel);
        Assert.False(devices[6].Can(DeviceSkills.Position));
        Assert.True(Assert.IsType<Wiring.Output>(devices[7].Wiring).SafeActive);
        Assert.Equal(new Wiring.Servo(new PwmAddress("auto", 1), 600, 2400, -90, 90, 0), devices[8].Wiring);
        Assert.Equal(5, devices[9].Limits.TimesMax);
        Assert.IsType<Wiring.Tone>(devices[10].Wiring);
        Assert.False(devices[11].Expose);
        Assert.All(devices.Skip(12), d => Assert.IsType<Wiring.Input>(d.Wiring));
    }

    [Theory]
    [InlineData("{kind: light, line: 17}", "devices[0].name is missing; give the device a name, as you would say it (edge.yaml, line 2).")]
    [InlineData("{name: lamp, line: 17}", "devices[0].kind is missing; use one of light, dimmer, switch, fan, cover, lock, strip, servo, stepper, buzzer, sensor, contact, button, motion, rotary (edge.yaml, line 2).")]
    [InlineData("{name: lamp, kind: lihgt, line: 17}", "devices[0].kind is \"lihgt\"; use one of light, dimmer, switch, fan, cover, lock, strip, servo, stepper, buzzer, sensor, contact, button, motion, rotary, perhaps light (edge.yaml, line 2).")]
    [InlineData("{name: lamp, kind: light}", "devices[0].line is missing; give the line's offset on its chip, as GPIO 17 is 17 (edge.yaml, line 2).")]
    [InlineData("{name: lamp, kind: light, line: GPIO17}", "devices[0].line is \"GPIO17\"; use a whole number from 0 to 1023 (edge.yaml, line 2).")]
    [InlineData("{name: lamp, kind: light, lines: 17, line: 17}", "devices[0].lines is not known; did you mean line? (edge.yaml, line 2)")]
    [InlineData("{name: lamp, kind: dimmer, pwm: 0, min: 40, max: 30}", "devices[0].max is 30; use 40 to 100 (edge.yaml, line 2).")]
    [InlineData("{name: 'a|b]', kind: light, line: 17}", "devices[0].name is \"a|b]\"; use letters, digits, spaces and _ - ' . (edge.yaml, line 2).")]
    [InlineData("{name: t, kind: sensor, quantity: temperature}", "devices[0] has no source; add one of part, iio, hwmon, oneWire, file, or a simulated value (edge.yaml, line 2).")]
    [InlineData("{name: t, kind: sensor, quantity: temperature, file: a, hwmon: {device: x, channel: temp1}}", "devices[0] has several sources; keep one of part, iio, hwmon, oneWire, file (edge.yaml, line 2).")]
    [InlineData("", "devices[0] is empty; give it a name and a kind (edge.yaml, line 2).")]
    public void A_wrong_device_is_one_line_with_the_way_out(string device, string message) =>
        Assert.Equal([message], TestHouse.FaultsOf($"devices:\n  - {device}\n"));

    [Fact]
    public void A_name_is_given_once_without_regard_to_case() => Assert.Equal(
        ["devices[1].name is Lamp, as the device in edge.yaml, line 2; names are unique, choose another (edge.yaml, line 3)."],
        TestHouse.FaultsOf("devices:\n  - {name: lamp, kind: light, line: 1}\n  - {name: Lamp, kind: light, line: 2}\n"));

    [Fact]
    public void A_line_has_one_owner() => Assert.Equal(
        ["devices[1] uses line 23, which is taken by lamp (edge.yaml, line 2); choose another (edge.yaml, line 3)."],
        TestHouse.FaultsOf("devices:\n  - {name: lamp, kind: light, line: 23}\n  - {name: blinds, kind: cover, open: 22, close: 23}\n"));

    [Theory]
    [InlineData("line: 17", false)]
    [InlineData("line: 5", true)]
    [InlineData("line: 17, activeLow: true", true)]
    [InlineData("line: 5, activeLow: true", false)]
    [InlineData("line: 17, safe: on", true)]
    [InlineData("line: {chip: other, offset: 5}", false)]
    [InlineData("line: 40", false)]
    public void A_line_that_its_reset_pull_would_switch_is_named(string wiring, bool warned)
    {
        var devices = TestHouse.ReadSettings($"devices:\n  - {{name: lamp, kind: light, {wiring}}}\n").Devices;
        Assert.Equal(warned, ResetPull.Warnings(devices).Any());
    }

    [Fact]
    public void The_warning_names_level_line_and_way_out()
    {
        var devices = TestHouse.ReadSettings("devices:\n  - {name: heater, kind: switch, line: 5}\n").Devices;
        Assert.Equal(
            "heater is active high on line 5, which is pulled up at reset, so it may switch while the board starts; use a line from 9 to 27 (edge.yaml, line 2).",
            Assert.Single(ResetPull.Warnings(devices)));
    }
}
