using CsCheck;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Safety;

public sealed class InterlockTests
{
    private const string Yaml = """
        devices:
          - {name: heat, kind: switch, line: 17, onMax: 3s, confirm: never}
          - {name: cool, kind: switch, line: 27}
          - {name: vent, kind: switch, line: 22, pulseMax: 2s}
          - {name: awning, kind: cover, open: 23, close: 24, travel: 2s}
          - {name: glow, kind: dimmer, pwm: 0}
        safety:
          interlocks:
            - {devices: [heat, cool, vent, awning, glow], dwell: 1s}
        functions:
          - {name: both, action: [{set: heat, to: on}, {set: cool, to: on}]}
          - {name: swap, action: [{set: heat, to: off}, {set: cool, to: on}]}
        """;

    private static readonly int[] Lines = [17, 27, 22, 23, 24];

    [Fact]
    public void Two_of_a_group_are_never_on_together()
    {
        using var house = Rested();
        Do(house, new DeviceAction.SwitchTo(Declared(house, "heat"), true));
        var denied = Assert.IsType<FunctionResult.Denied>(house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(Declared(house, "cool"), true), TestContext.Current.CancellationToken));
        Assert.Equal("cool and heat are never on together, and heat is on; turn it off first (edge.yaml, line 9).", denied.Sentence);
    }

    [Fact]
    public void The_next_waits_until_the_last_has_rested()
    {
        using var house = Rested();
        Do(house, new DeviceAction.SwitchTo(Declared(house, "heat"), true));
        Do(house, new DeviceAction.SwitchTo(Declared(house, "heat"), false));
        house.Clock.Advance(TimeSpan.FromMilliseconds(400));
        var cool = new DeviceAction.SwitchTo(Declared(house, "cool"), true);
        Assert.Equal("cool may start in 600 ms, as heat has only just stopped (edge.yaml, line 9).", house.House.Dispatcher.Invoke(cool, TestContext.Current.CancellationToken).Sentence);
        house.Clock.Advance(TimeSpan.FromMilliseconds(600));
        Do(house, cool);
    }

    [Fact]
    public void A_call_that_wants_both_is_denied_as_a_whole()
    {
        using var house = Rested();
        Assert.Equal("interlocked", Assert.IsType<FunctionResult.Denied>(house.Call("both")).Denial.Code);
        Assert.False(house.Lines.IsHigh(17));
    }

    [Fact]
    public void Off_and_on_in_one_call_has_no_dwell_time_and_is_denied()
    {
        using var house = Rested();
        Do(house, new DeviceAction.SwitchTo(Declared(house, "heat"), true));
        Assert.Equal("dwell", Assert.IsType<FunctionResult.Denied>(house.Call("swap")).Denial.Code);
        Assert.True(house.Lines.IsHigh(17));
    }

    [Fact]
    public void A_line_that_cannot_be_read_counts_as_on()
    {
        using var house = Rested();
        house.Lines.Break(17);
        var denied = Assert.IsType<FunctionResult.Denied>(house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(Declared(house, "cool"), true), TestContext.Current.CancellationToken));
        Assert.Contains("heat is unknown", denied.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void No_interleaving_of_commands_timers_and_time_has_two_on_or_skips_the_dwell()
    {
        var step = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 30]);
        step.Array[1, 60].Sample(
            steps =>
            {
                using var house = Rested();
                var watch = new Watch(house);
                foreach (var (what, number) in steps)
                {
                    Step(house, what, number, watch);
                }

                return watch.Fault is null;
            },
            iter: Effort.Tries(usual: 100, full: 5000),
            threads: 1);
    }

    private static void Step(TestHouse house, int what, int number, Watch watch)
    {
        DeviceAction? action = what switch
        {
            0 => new DeviceAction.SwitchTo(Declared(house, "heat"), number % 3 > 0),
            1 => new DeviceAction.SwitchTo(Declared(house, "cool"), number % 3 > 0),
            2 => new DeviceAction.SwitchTo(Declared(house, "vent"), number % 3 > 0),
            3 => new DeviceAction.Pulse(Declared(house, "vent"), TimeSpan.FromMilliseconds(100 * (number + 1))),
            4 => new DeviceAction.OpenOrClose(Declared(house, "awning"), number % 2 == 0),
            5 => new DeviceAction.MoveTo(Declared(house, "awning"), number * 3),
            6 => new DeviceAction.SetLevel(Declared(house, "glow"), number % 3 * 30),
            _ => null,
        };
        if (action is null)
        {
            // In steps, since timers set timers.
            for (int i = 0; i <= number; i++)
            {
                house.Clock.Advance(TimeSpan.FromMilliseconds(100));
                watch.Look();
            }
        }
        else
        {
            house.House.Dispatcher.Invoke(action, TestContext.Current.CancellationToken);
            watch.Look();
        }
    }

    /// <summary>Past the dwell time that every start begins with.</summary>
    private static TestHouse Rested()
    {
        var house = new TestHouse(Yaml);
        house.Clock.Advance(TimeSpan.FromSeconds(2));
        return house;
    }

    private static DeviceDeclaration Declared(TestHouse house, string name) => house.Device(name).Declaration;

    private static void Do(TestHouse house, DeviceAction action) => Assert.IsType<FunctionResult.Done>(house.House.Dispatcher.Invoke(action, TestContext.Current.CancellationToken));

    /// <summary>Looks at the lines themselves, not at what devices say of them. The cover's two lines are one member.</summary>
    private sealed class Watch(TestHouse house)
    {
        private readonly Dictionary<int, DateTimeOffset> _lastOn = [];
        private int _wasOn = -1;

        public string? Fault { get; private set; }

        public void Look()
        {
            var on = Lines.Where(house.Lines.IsHigh).Select(l => l == 24 ? 23 : l).Concat(house.Device("glow").Read().Value > 0 ? [0] : []).ToList();
            if (on.Count > 1)
            {
                Fault ??= $"On together: {string.Join(", ", on)}";
            }

            var now = house.Clock.GetUtcNow();
            if (on.Count == 1 && on[0] != _wasOn && _lastOn.Any(l => l.Key != on[0] && now - l.Value < TimeSpan.FromSeconds(1)))
            {
                Fault ??= $"{on[0]} came too soon after another.";
            }

            _wasOn = on.Count == 1 ? on[0] : -1;
            on.ForEach(l => _lastOn[l] = now);
        }
    }
}
