using System.Device.Gpio;
using Edge.Functions;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Handlers;
using Edge.Functions.Pwm;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Pwm;

/// <summary>PWM on an ordinary line: its pulses, that it asks for a permit, and that it stops when the line fails.</summary>
public sealed class SoftwarePwmTests : IDisposable
{
    private readonly SimulatedGpioDriver _lines = new();
    private readonly GpioChip _chip;

    public SoftwarePwmTests() => _chip = new GpioChip("simulated", new GpioController(_lines), _lines);

    public void Dispose()
    {
        _chip.Dispose();
        _lines.Dispose();
    }

    [Theory]
    [InlineData(100, 0.25, 2.5, 7.5)]
    [InlineData(50, 0.075, 1.5, 18.5)]
    [InlineData(1000, 0.5, 0.5, 0.5)]
    public void A_period_is_on_for_its_duty_and_off_for_the_rest(int hz, double duty, double onMs, double offMs)
    {
        var pulses = Pulses(hz, duty, periods: 4);
        Assert.Equal(8, pulses.Count);
        for (int i = 0; i < pulses.Count; i++)
        {
            Assert.Equal(i % 2 == 0, pulses[i].IsHigh);
            Assert.Equal(i % 2 == 0 ? onMs : offMs, pulses[i].Time.TotalMilliseconds, 0.001);
        }

        Assert.False(_lines.IsHigh(18));
    }

    [Fact]
    public void Without_a_permit_the_line_stays_off()
    {
        using var channel = Channel(100, null);
        channel.DutyCycle = 0.5;
        channel.DutyCycle = 1;
        Assert.False(_lines.IsHigh(18));
        Assert.Equal(0, channel.DutyCycle);
    }

    [Fact]
    public void Full_and_none_are_steady_levels_without_a_thread()
    {
        using var channel = Channel(100, null);
        channel.Permit = Permits.For("lamp");
        channel.DutyCycle = 1;
        int writes = _lines.WriteCount;
        Assert.True(_lines.IsHigh(18));
        channel.DutyCycle = 0;
        Assert.False(_lines.IsHigh(18));
        Assert.Equal(writes + 1, _lines.WriteCount);
    }

    [Fact]
    public void A_line_that_fails_ends_the_pulses_and_is_told_at_the_next_read()
    {
        using var channel = Channel(100, time =>
        {
            _lines.Break(18);
            return false;
        });
        Prepare(channel, 0.5);
        channel.Run();
        Assert.Contains("Line 18 does not answer", Assert.Throws<HardwareFault>(() => channel.DutyCycle).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_running_channel_changes_and_stops_and_leaves_its_line_off()
    {
        var seen = new SemaphoreSlim(0);
        _lines.LevelChanged += (_, _) => seen.Release();
        var channel = Channel(500, null);
        channel.Permit = Permits.For("lamp");
        channel.DutyCycle = 0.5;
        for (int i = 0; i < 10; i++)
        {
            Assert.True(seen.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }

        channel.DutyCycle = 0;
        Assert.False(_lines.IsHigh(18));
        int writes = _lines.WriteCount;
        Assert.Equal(0, channel.DutyCycle);
        channel.DutyCycle = 0.5;
        Assert.True(seen.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        channel.Dispose();
        Assert.False(_lines.IsHigh(18));
        Assert.True(_lines.WriteCount > writes);
    }

    [Fact]
    public void A_dimmer_says_in_its_settings_that_it_is_software()
    {
        using var house = new TestHouse("devices: [{name: lamp, kind: dimmer, pwm: {line: 18, software: true, frequency: 200}}]");
        Assert.Equal("Lamp is on at 40 %.", house.Call("set_brightness", """{"light":"lamp","brightness":40}""").Sentence);
        var wiring = (Wiring.Level)house.Device("lamp").Declaration.Wiring;
        Assert.Equal(("software PWM on line 18", 200), (wiring.Pwm.ToString(), wiring.FrequencyHz));
    }

    [Theory]
    [InlineData("{name: l, kind: dimmer, pwm: {line: 18}}", "devices[0].pwm.software is not true; a line has PWM by software only, which is coarser: say \"software: true\", or give a channel of hardware PWM (edge.yaml, line 1).")]
    [InlineData("{name: l, kind: dimmer, pwm: {software: true}}", "devices[0].pwm.line is missing; give the line's offset, as GPIO 18 is 18 (edge.yaml, line 1).")]
    [InlineData("{name: l, kind: dimmer, pwm: {line: 18, software: true, frequency: 5000}}", "devices[0].pwm.frequency is 5000; use 1 to 2000 (edge.yaml, line 1).")]
    [InlineData("{name: l, kind: dimmer, pwm: {line: 18, software: true}, safe: 20}", "devices[0].safe is 20; use 0 to 0 (edge.yaml, line 1).")]
    [InlineData("{name: l, kind: servo, pwm: {line: 18, software: true}, safe: 20}", "devices[0].safe is an angle, and software PWM is off at start and stop; leave it out, or use hardware PWM (edge.yaml, line 1).")]
    [InlineData("{name: l, kind: light, line: 18}, {name: m, kind: dimmer, pwm: {line: 18, software: true}}", "devices[1] uses line 18, which is taken by l (edge.yaml, line 1); choose another (edge.yaml, line 1).")]
    public void A_wrong_software_PWM_is_one_line(string device, string fault) => Assert.Contains(fault, TestHouse.FaultsOf($"devices: [{device}]"));

    private SoftwarePwmChannel Channel(int hz, Func<TimeSpan, bool>? wait) => new(_chip.OpenOutput(18, "lamp"), hz, wait);

    /// <summary>A duty and a permit, with no thread started: <see cref="SoftwarePwmChannel.Run"/> is called by the test.</summary>
    private static void Prepare(SoftwarePwmChannel channel, double duty) => channel.Prepare(duty, Permits.For("lamp"));

    private List<(bool IsHigh, TimeSpan Time)> Pulses(int hz, double duty, int periods)
    {
        var pulses = new List<(bool, TimeSpan)>();
        using var channel = Channel(hz, time =>
        {
            pulses.Add((_lines.IsHigh(18), time));
            return pulses.Count == periods * 2;
        });
        Prepare(channel, duty);
        channel.Run();
        return pulses;
    }
}
