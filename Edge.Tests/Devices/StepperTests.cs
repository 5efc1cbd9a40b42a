using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Devices;

/// <summary>A 28BYJ-48 behind a ULN2003, by its four lines. 64 half steps a turn here, one every 10 ms.</summary>
public sealed class StepperTests : IDisposable
{
    private static readonly int[] Coils = [17, 18, 27, 22];

    private readonly TestHouse _house = new("""
        devices:
          - {name: flap, kind: stepper, lines: [17, 18, 27, 22], stepsPerTurn: 64, speed: 562.5, min: -90, max: 180}
          - {name: lamp, kind: light, line: 25}
        """);

    private readonly List<string> _pattern = [];

    public void Dispose() => _house.Dispose();

    /// <summary>28BYJ-48 data sheet, half-step drive: each step shares a coil with the one before, one or two are on.</summary>
    [Fact]
    public void It_turns_step_by_step_to_its_angle_and_lets_its_coils_rest()
    {
        Assert.Equal("Flap is turning, at 5.6° now.", Turn(45).Sentence);
        Assert.InRange(On(), 1, 2);
        Run(TimeSpan.FromMilliseconds(70));
        Assert.Equal(("turning", 45.0), (State.Word, State.Value!.Value));
        Run(TimeSpan.FromMilliseconds(10));
        Assert.Equal(("45", 45.0), (State.Word, State.Value!.Value));
        Assert.Equal(0, On());
    }

    [Fact]
    public void The_coils_follow_each_other_and_back_again()
    {
        string[] forth = Patterns(45);
        string[] back = Patterns(0);
        Assert.Equal(8, forth.Distinct().Count());
        Assert.All(forth.Zip(forth.Skip(1)), pair => Assert.Equal(1, pair.First.Zip(pair.Second).Count(c => c.First != c.Second)));
        Assert.Equal(forth.Reverse().Skip(1), back.Take(7));
    }

    [Fact]
    public void A_new_angle_replaces_the_one_on_the_way()
    {
        Turn(180);
        Run(TimeSpan.FromMilliseconds(100));
        Turn(0);
        Run(TimeSpan.FromSeconds(1));
        Assert.Equal(0, State.Value);
        Assert.Equal(0, On());
    }

    [Theory]
    [InlineData(181)]
    [InlineData(-91)]
    public void Beyond_its_limits_it_does_not_begin(int degrees)
    {
        int writes = _house.Lines.WriteCount;
        Assert.IsType<FunctionResult.Denied>(_house.House.Dispatcher.Invoke(new DeviceAction.TurnTo(_house.Device("flap").Declaration, degrees), TestContext.Current.CancellationToken));
        Assert.Equal(writes, _house.Lines.WriteCount);
    }

    [Fact]
    public void Stopped_in_the_middle_its_coils_are_off_and_it_knows_where_it_is()
    {
        Turn(180);
        Run(TimeSpan.FromMilliseconds(70));
        _house.House.GoSafe();
        Assert.Equal(0, On());
        Run(TimeSpan.FromSeconds(5));
        Assert.Equal(45, State.Value);
        Assert.Equal(0, On());
    }

    [Fact]
    public void A_coil_that_fails_in_the_middle_ends_the_move_with_the_others_off()
    {
        Turn(180);
        Run(TimeSpan.FromMilliseconds(30));
        _house.Lines.Hold(27, true);
        Run(TimeSpan.FromSeconds(3));
        Assert.False(State.IsKnown);
        Assert.Equal((false, false, false), (_house.Lines.IsHigh(17), _house.Lines.IsHigh(18), _house.Lines.IsHigh(22)));
        Assert.IsType<FunctionResult.Done>(_house.Call("turn_on", """{"device":"lamp"}"""));
    }

    [Fact]
    public void A_move_that_takes_four_times_its_time_is_stopped()
    {
        Turn(180);
        _house.Clock.Advance(TimeSpan.FromMilliseconds(10));

        // The process stood still: at its next step the time is long over.
        _house.Clock.AutoAdvanceAmount = TimeSpan.FromSeconds(6);
        _house.Clock.Advance(TimeSpan.FromMilliseconds(10));
        _house.Clock.AutoAdvanceAmount = TimeSpan.Zero;
        Run(TimeSpan.FromSeconds(2));
        Assert.Equal(0, On());
        Assert.InRange(State.Value!.Value, 0, 45);
    }

    [Fact]
    public void Its_steps_are_not_told_each()
    {
        Turn(180);
        Run(TimeSpan.FromSeconds(1));
        Assert.Equal(["flap: turning", "flap: turning", "flap: 180"], _house.Changes);
    }

    [Fact]
    public void It_begins_where_its_owner_says_it_stands()
    {
        using var house = new TestHouse("devices: [{name: flap, kind: stepper, lines: [17, 18, 27, 22], start: 90}]");
        Assert.Equal(90, house.Device("flap").State.Value!.Value, 0.1);
    }

    [Theory]
    [InlineData("{name: s, kind: stepper, lines: [17, 18]}", "devices[0].lines needs four lines, those that IN1 to IN4 are wired to, as [17, 18, 27, 22] (edge.yaml, line 1).")]
    [InlineData("{name: s, kind: stepper, lines: [17, 18, 27, 22], speed: 100}", "devices[0].speed is 100 degrees a second, more than a thousand steps a second; use 87.9 or less (edge.yaml, line 1).")]
    [InlineData("{name: s, kind: stepper, lines: [17, 18, 27, 22]}, {name: t, kind: light, line: 27}", "devices[1] uses line 27, which is taken by s (edge.yaml, line 1); choose another (edge.yaml, line 1).")]
    public void A_wrong_stepper_is_one_line(string device, string fault) => Assert.Contains(fault, TestHouse.FaultsOf($"devices: [{device}]"));

    private DeviceState State => _house.Device("flap").State is { IsKnown: false } unknown ? unknown : _house.Device("flap").Read();

    private FunctionResult Turn(int degrees) => _house.Call("move_servo", $$"""{"servo":"flap","angle":{{degrees}}}""");

    private int On() => Coils.Count(_house.Lines.IsHigh);

    private string[] Patterns(int degrees)
    {
        _pattern.Clear();
        Turn(degrees);
        _pattern.Add(Now());
        for (int i = 0; i < 7; i++)
        {
            Run(TimeSpan.FromMilliseconds(10));
            _pattern.Add(Now());
        }

        Run(TimeSpan.FromMilliseconds(50));
        return [.. _pattern];

        string Now() => string.Concat(Coils.Select(c => _house.Lines.IsHigh(c) ? '1' : '0'));
    }

    private void Run(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(1))
        {
            _house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }
}
