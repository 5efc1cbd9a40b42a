using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Functions.Sensors;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Devices;

/// <summary>What devices do over time, through the gate and on simulated hardware.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: lamp, kind: light, line: 17}
          - {name: pump, kind: switch, line: 23, onMax: 10min, pulseMax: 5s}
          - {name: relay, kind: switch, line: 2, activeLow: true}
          - {name: glow, kind: dimmer, pwm: 0, min: 10, max: 80}
          - {name: blinds, kind: cover, open: 24, close: 25, travel: 20s}
          - {name: gate, kind: cover, line: 22}
          - {name: door lock, kind: lock, line: 26, confirm: never}
          - {name: arm, kind: servo, pwm: 1, min: -45, max: 45}
          - {name: buzzer, kind: buzzer, line: 16}
          - {name: tone, kind: buzzer, pwm: 2}
          - {name: window, kind: contact, line: 5}
          - {name: bell, kind: button, line: 6}
          - {name: hall motion, kind: motion, line: 7, bias: down}
          - {name: hall temperature, kind: sensor, quantity: temperature, simulated: 20}
        """);

    public void Dispose() => _house.Dispose();

    [Fact]
    public void A_pulse_ends_by_itself()
    {
        Do(new DeviceAction.Pulse(Declared("pump"), TimeSpan.FromSeconds(2)));
        Assert.True(_house.Lines.IsHigh(23));
        _house.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_house.Lines.IsHigh(23));
        Assert.Equal(["pump: on", "pump: off"], _house.Changes);
    }

    [Fact]
    public void A_command_during_a_pulse_wins_over_its_end()
    {
        Do(new DeviceAction.Pulse(Declared("pump"), TimeSpan.FromSeconds(2)));
        Do(new DeviceAction.SwitchTo(Declared("pump"), true));
        _house.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True(_house.Lines.IsHigh(23));
    }

    [Fact]
    public void A_device_with_a_longest_time_goes_off_by_itself()
    {
        Do(new DeviceAction.SwitchTo(Declared("pump"), true));
        _house.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.True(_house.Lines.IsHigh(23));
        _house.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_house.Lines.IsHigh(23));
        Assert.Equal("off", _house.Device("pump").State.Word);
    }

    [Fact]
    public void An_active_low_relay_rests_high()
    {
        Assert.True(_house.Lines.IsHigh(2));
        Assert.Equal("off", _house.Device("relay").State.Word);
        Do(new DeviceAction.SwitchTo(Declared("relay"), true));
        Assert.False(_house.Lines.IsHigh(2));
    }

    [Fact]
    public void A_dimmer_comes_back_at_its_last_level()
    {
        Do(new DeviceAction.SetLevel(Declared("glow"), 30));
        Do(new DeviceAction.SwitchTo(Declared("glow"), false));
        Assert.Equal(new DeviceState("off", 0), _house.Device("glow").State);
        Do(new DeviceAction.SwitchTo(Declared("glow"), true));
        Assert.Equal(new DeviceState("on", 30), _house.Device("glow").State);
    }

    [Fact]
    public void A_cover_opens_for_its_travel_and_then_stops()
    {
        Do(new DeviceAction.OpenOrClose(Declared("blinds"), true));
        Assert.Equal("opening", State("blinds"));
        _house.Clock.Advance(CoverDevice.Dwell);
        Assert.Equal((true, false), (_house.Lines.IsHigh(24), _house.Lines.IsHigh(25)));
        _house.Clock.Advance(TimeSpan.FromSeconds(22));
        Assert.Equal((false, false), (_house.Lines.IsHigh(24), _house.Lines.IsHigh(25)));
        Assert.Equal(new DeviceState("open", 100), _house.Device("blinds").State);
    }

    [Fact]
    public void A_cover_of_unknown_position_closes_before_it_goes_to_one()
    {
        Assert.Equal("unknown", State("blinds"));
        Do(new DeviceAction.MoveTo(Declared("blinds"), 40));
        Run(TimeSpan.FromSeconds(40));
        Assert.Equal(new DeviceState("open", 40), _house.Device("blinds").State);
        Do(new DeviceAction.MoveTo(Declared("blinds"), 10));
        Run(TimeSpan.FromSeconds(40));
        Assert.Equal(new DeviceState("open", 10), _house.Device("blinds").State);
        Assert.Equal((false, false), (_house.Lines.IsHigh(24), _house.Lines.IsHigh(25)));
    }

    [Fact]
    public void Turning_a_cover_round_waits_for_the_motor()
    {
        Do(new DeviceAction.OpenOrClose(Declared("blinds"), true));
        _house.Clock.Advance(TimeSpan.FromSeconds(5));
        Do(new DeviceAction.OpenOrClose(Declared("blinds"), false));
        Assert.Equal((false, false), (_house.Lines.IsHigh(24), _house.Lines.IsHigh(25)));
        _house.Clock.Advance(CoverDevice.Dwell - TimeSpan.FromMilliseconds(1));
        Assert.False(_house.Lines.IsHigh(25));
        _house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((false, true), (_house.Lines.IsHigh(24), _house.Lines.IsHigh(25)));
    }

    [Fact]
    public void A_cover_on_one_line_is_open_while_the_line_is_active()
    {
        Do(new DeviceAction.OpenOrClose(Declared("gate"), true));
        Assert.Equal("open", State("gate"));
        Assert.True(_house.Lines.IsHigh(22));
    }

    [Fact]
    public void A_lock_rests_locked()
    {
        Assert.Equal("locked", State("door lock"));
        Do(new DeviceAction.LockOrUnlock(Declared("door lock"), false));
        Assert.True(_house.Lines.IsHigh(26));
        Assert.Equal("unlocked", State("door lock"));
    }

    [Theory]
    [InlineData(-45)]
    [InlineData(0)]
    [InlineData(30)]
    public void A_servo_stands_where_its_pulses_say(double degrees)
    {
        Do(new DeviceAction.TurnTo(Declared("arm"), degrees));
        Assert.Equal(degrees, _house.Device("arm").State.Value);
    }

    [Fact]
    public void A_servo_pulse_is_as_wide_as_the_angle_says()
    {
        // 500 µs at -90°, 2500 µs at 90°: 1500 µs of 20 ms in the middle.
        Assert.Equal(0.075, ServoDevice.Duty(Declarations.ServoWiring, 0), 6);
        Assert.Equal(0.025, ServoDevice.Duty(Declarations.ServoWiring, -90), 6);
        Assert.Equal(0.125, ServoDevice.Duty(Declarations.ServoWiring, 90), 6);
    }

    [Theory]
    [InlineData("buzzer")]
    [InlineData("tone")]
    public void A_buzzer_beeps_as_often_as_told(string name)
    {
        Do(new DeviceAction.Beep(Declared(name), 3));
        Run(TimeSpan.FromSeconds(5));
        Assert.Equal(3, _house.Changes.Count(c => c == name + ": on"));
        Assert.Equal("off", State(name));
    }

    [Fact]
    public void Inputs_tell_their_edges()
    {
        Assert.Equal("open", State("window"));
        _house.Lines.Drive(5, false);
        _house.Lines.Drive(6, false);
        _house.Lines.Drive(7, true);
        Assert.Equal(["window: closed", "bell: pressed", "hall motion: motion"], _house.Changes);
    }

    [Fact]
    public void A_sensor_gives_what_it_measures_now_or_nothing()
    {
        _house.Sensor("hall temperature").Value = 23.456;
        Assert.Equal(new DeviceState("23.5", 23.5), _house.Device("hall temperature").Read(TestContext.Current.CancellationToken));
        _house.Sensor("hall temperature").Fault = "dht11 did not answer.";
        var fault = Assert.Throws<Edge.Functions.Gpio.HardwareFault>(() => _house.Device("hall temperature").Read(TestContext.Current.CancellationToken));
        Assert.Equal("No reading from hall temperature: dht11 did not answer.", fault.Message);
        Assert.Equal("unknown", State("hall temperature"));
    }

    [Fact]
    public void Going_safe_stops_everything_under_way()
    {
        Do(new DeviceAction.SwitchTo(Declared("lamp"), true));
        Do(new DeviceAction.Beep(Declared("buzzer"), 10));
        Do(new DeviceAction.SetLevel(Declared("glow"), 50));
        Do(new DeviceAction.OpenOrClose(Declared("blinds"), true));
        Run(TimeSpan.FromSeconds(3));
        _house.House.GoSafe();
        int writes = _house.Lines.WriteCount;
        Run(TimeSpan.FromSeconds(30));
        Assert.Equal(writes, _house.Lines.WriteCount);
        Assert.All([17, 16, 24, 25, 23], line => Assert.False(_house.Lines.IsHigh(line)));
        Assert.Equal("off", State("glow"));
    }

    [Fact]
    public void Disposing_the_house_makes_every_line_safe_even_if_one_is_broken()
    {
        Do(new DeviceAction.SwitchTo(Declared("lamp"), true));
        Do(new DeviceAction.SwitchTo(Declared("pump"), true));
        var lines = _house.Lines;
        lines.Break(17);
        _house.House.Dispose();
        Assert.False(lines.IsHigh(23));
        Assert.True(lines.IsHigh(2));
    }

    [Fact]
    public void A_house_that_cannot_open_closes_what_it_opened()
    {
        var settings = TestHouse.ReadSettings("devices:\n  - {name: lamp, kind: light, line: 17}\n  - {name: far, kind: light, line: 900}\n");
        var fault = Assert.Throws<Edge.Functions.Gpio.HardwareFault>(() => Edge.Functions.House.Open(
            settings with { Gpio = new(Driver: "simulated") }, _house.Clock, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
        Assert.Equal("Line 900 of simulated for far does not exist; use 0 to 53 (edge.yaml, line 3).", fault.Message);
    }

    [Fact]
    public async Task Sensors_are_measured_now_and_then_without_being_asked()
    {
        using var stop = new CancellationTokenSource();
        var seen = new TaskCompletionSource();
        _house.House.StateChanged += (device, state) =>
        {
            if (device.Name == "hall temperature" && state.Value == 25)
            {
                seen.TrySetResult();
            }
        };
        var watching = _house.House.WatchSensorsAsync(stop.Token);
        _house.Sensor("hall temperature").Value = 25;
        while (!seen.Task.IsCompleted)
        {
            _house.Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    private DeviceDeclaration Declared(string name) => _house.Device(name).Declaration;

    private string State(string name) => _house.Device(name).State.Word;

    private void Do(DeviceAction action) => Assert.IsType<FunctionResult.Done>(_house.House.Dispatcher.Invoke(action));

    /// <summary>In small steps, as timers set timers.</summary>
    private void Run(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(100);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _house.Clock.Advance(step);
        }
    }
}
