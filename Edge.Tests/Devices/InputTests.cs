using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Devices;

public sealed class InputTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: bell, kind: button, line: 5, debounce: 30ms}
          - {name: hall, kind: motion, line: 17}
          - {name: knob, kind: rotary, a: 22, b: 23, bias: none}
          - {name: glow, kind: dimmer, pwm: 0, gamma: 2}
          - {name: arm, kind: servo, pwm: 1, slew: 50}
        """);

    public void Dispose() => _house.Dispose();

    [Fact]
    public void The_first_edge_counts_at_once_and_its_bouncing_does_not()
    {
        foreach (bool high in (bool[])[false, true, false, true, false])
        {
            _house.Lines.Drive(5, high);
        }

        Assert.Equal(["bell: pressed"], _house.Changes);
        _house.Clock.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal(["bell: pressed"], _house.Changes);
    }

    [Fact]
    public void A_press_shorter_than_its_bouncing_ends_when_the_line_has_come_to_rest()
    {
        _house.Lines.Drive(5, false);
        _house.Lines.Drive(5, true);
        _house.Clock.Advance(TimeSpan.FromMilliseconds(30));
        Assert.Equal(["bell: pressed", "bell: released"], _house.Changes);
    }

    [Fact]
    public void Motion_is_an_event_and_can_be_asked_for()
    {
        _house.Lines.Drive(17, true);
        Assert.Equal("Hall is motion.", Assert.IsType<FunctionResult.Done>(_house.Call("get_state", """{"device":"hall"}""")).Said);
        Assert.Equal(["hall: motion"], _house.Changes);
    }

    [Fact]
    public void A_knob_counts_its_clicks_both_ways_and_ignores_bounce()
    {
        Turn(22, 23);
        Turn(22, 23);
        Assert.Equal("2", _house.Device("knob").State.Word);
        Turn(23, 22);
        Assert.Equal("1", _house.Device("knob").State.Word);
        _house.Lines.Drive(22, true);
        _house.Lines.Drive(22, false);
        Assert.Equal("1", _house.Device("knob").State.Word);
    }

    [Fact]
    public void Half_brightness_of_gamma_two_is_a_quarter_of_the_power_and_reads_back_as_half()
    {
        var result = _house.Call("set_brightness", """{"light":"glow","brightness":50}""");
        Assert.Equal("Glow is on at 50 %.", result.Sentence);
    }

    [Fact]
    public void Every_level_reads_back_as_itself_whatever_the_gamma() => Assert.All(
        Enumerable.Range(0, 101),
        percent => Assert.Equal(percent, new Wiring.Level(new("auto", 0), 1000, 0, 2.2) is var wiring ? wiring.Percent(wiring.Duty(percent)) : -1));

    [Fact]
    public void A_servo_with_a_slew_rate_takes_its_time()
    {
        _house.Call("move_servo", """{"servo":"arm","angle":0}""");
        Assert.Equal("Arm is at 1°.", _house.Call("move_servo", """{"servo":"arm","angle":40}""").Sentence);
        for (int i = 0; i < 20; i++)
        {
            _house.Clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(21, _house.Device("arm").State.Value!.Value, 0.2);
        for (int i = 0; i < 20; i++)
        {
            _house.Clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(40, _house.Device("arm").State.Value!.Value, 0.2);
    }

    /// <summary>One click: four edges.</summary>
    private void Turn(int first, int second)
    {
        _house.Lines.Drive(first, true);
        _house.Lines.Drive(second, true);
        _house.Lines.Drive(first, false);
        _house.Lines.Drive(second, false);
    }
}
