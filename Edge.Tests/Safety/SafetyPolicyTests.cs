using CsCheck;
using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Safety;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Safety;

public class SafetyPolicyTests
{
    private static readonly DeviceLimits Limits = new(LevelMin: 20, LevelMax: 80, PulseMax: TimeSpan.FromSeconds(1));

    public static TheoryData<DeviceAction> Allowed =>
    [
        new DeviceAction.SwitchTo(Declarations.Switch("lamp"), true),
        new DeviceAction.SetLevel(Declarations.Dimmer("glow", Limits), 20),
        new DeviceAction.SetLevel(Declarations.Dimmer("glow", Limits), 80),
        new DeviceAction.SetLevel(Declarations.Dimmer("glow", Limits), 0),
        new DeviceAction.OpenOrClose(Declarations.Cover("blinds"), true),
        new DeviceAction.MoveTo(Declarations.Cover("blinds"), 100),
        new DeviceAction.LockOrUnlock(Declarations.Lock("door"), false),
        new DeviceAction.TurnTo(Declarations.Servo("arm", -45, 45), -45),
        new DeviceAction.Beep(Declarations.Buzzer("buzzer", 3), 3),
        new DeviceAction.Pulse(Declarations.Switch("gate", limits: Limits), TimeSpan.FromSeconds(1)),
        new DeviceAction.ReadState(Declarations.Contact("window")),
    ];

    public static TheoryData<DeviceAction, string, string> Denied => new()
    {
        { new DeviceAction.SwitchTo(Declarations.Switch("lamp", expose: false), true), "not-exposed", "lamp is not exposed; set \"expose: true\" for it to allow commands (edge.yaml, line 7)." },
        { new DeviceAction.ReadState(Declarations.Contact("window", expose: false)), "not-exposed", "window is not exposed; set \"expose: true\" for it to allow commands (edge.yaml, line 7)." },
        { new DeviceAction.SetLevel(Declarations.Switch("lamp"), 40), "wrong-kind", "lamp is a switch and cannot do that." },
        { new DeviceAction.SetLevel(Declarations.Dimmer("glow", Limits), 19), "out-of-range", "glow may not be set to 19 %; use 20 to 80." },
        { new DeviceAction.SetLevel(Declarations.Dimmer("glow", Limits), 81), "out-of-range", "glow may not be set to 81 %; use 20 to 80." },
        { new DeviceAction.MoveTo(Declarations.Cover("blinds"), -1), "out-of-range", "blinds may not be set to -1 %; use 0 to 100." },
        { new DeviceAction.TurnTo(Declarations.Servo("arm", -45, 45), 45.1), "out-of-range", "arm may not be set to 45.1 degrees; use -45 to 45." },
        { new DeviceAction.TurnTo(Declarations.Servo("arm", -45, 45), double.NaN), "out-of-range", "arm may not be set to NaN degrees; use -45 to 45." },
        { new DeviceAction.Beep(Declarations.Buzzer("buzzer", 3), 4), "out-of-range", "buzzer may not be set to 4 beeps; use 1 to 3." },
        { new DeviceAction.Beep(Declarations.Buzzer("buzzer", 3), 0), "out-of-range", "buzzer may not be set to 0 beeps; use 1 to 3." },
        { new DeviceAction.Pulse(Declarations.Switch("gate", limits: Limits), TimeSpan.FromSeconds(1.001)), "out-of-range", "A pulse of 1001ms is too long for gate; use at most 1s, or raise its pulseMax (edge.yaml, line 7)." },
        { new DeviceAction.Pulse(Declarations.Switch("gate", limits: Limits), TimeSpan.Zero), "out-of-range", "A pulse of 0ms is none; use 1ms to 1s." },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void What_is_exposed_and_in_range_is_allowed(DeviceAction action) => Assert.IsType<Verdict.Allowed>(Check(action));

    [Theory]
    [MemberData(nameof(Denied))]
    public void Everything_else_is_denied_with_its_reason(DeviceAction action, string code, string message) =>
        Assert.Equal(new Denial(code, message), Assert.IsType<Verdict.Denied>(Check(action)).Denial);

    [Fact]
    public void An_action_the_gate_does_not_know_is_denied()
    {
        Assert.Equal("unknown-action", Assert.IsType<Verdict.Denied>(Check(new Unheard(Declarations.Switch("lamp")))).Denial.Code);
        Assert.Equal("unknown-action", Assert.IsType<Verdict.Denied>(Check(new UnheardOfHouse())).Denial.Code);
    }

    [Fact]
    public void One_bad_action_denies_the_whole_call() => Assert.IsType<Verdict.Denied>(Check(
        new DeviceAction.SwitchTo(Declarations.Switch("lamp"), true),
        new DeviceAction.SwitchTo(Declarations.Switch("heater", expose: false), true)));

    [Fact]
    public void More_actions_than_the_limit_are_denied()
    {
        var action = new DeviceAction.SwitchTo(Declarations.Switch("lamp"), true);
        Assert.IsType<Verdict.Allowed>(Check(new SafetyPolicy(2), action, action));
        Assert.Equal("too-many", Assert.IsType<Verdict.Denied>(Check(new SafetyPolicy(2), action, action, action)).Denial.Code);
    }

    [Fact]
    public void A_message_is_allowed_and_covers_no_device()
    {
        var allowed = Assert.IsType<Verdict.Allowed>(Check(new PublishAction("a/b", "x", false)));
        Assert.False(allowed.Call.Covers("lamp"));
    }

    [Fact]
    public void A_permit_covers_what_it_moves_and_nothing_else()
    {
        var permit = Permits.For("lamp");
        Assert.True(permit.Covers("lamp"));
        Assert.False(permit.Covers("heater"));
        Assert.False(Permits.For(new DeviceAction.ReadState(Declarations.Switch("lamp"))).Covers("lamp"));
    }

    [Fact]
    public void Nothing_is_allowed_that_is_not_exposed_or_not_in_range()
    {
        var actions =
            from expose in Gen.Bool
            from min in Gen.Int[0, 100]
            from max in Gen.Int[0, 100]
            from number in Gen.Int[-50, 250]
            from kind in Gen.Int[0, 5]
            select (Expose: expose, Min: min, Max: max, Number: number, Kind: kind);
        actions.Sample(
            a =>
            {
                var limits = new DeviceLimits(a.Min, a.Max, a.Min, a.Max, a.Max, TimeSpan.FromMilliseconds(a.Max));
                DeviceAction action = a.Kind switch
                {
                    0 => new DeviceAction.SetLevel(Declarations.Dimmer("d", limits, a.Expose), a.Number),
                    1 => new DeviceAction.TurnTo(Declarations.Servo("d", a.Min, a.Max, a.Expose), a.Number),
                    2 => new DeviceAction.Beep(Declarations.Buzzer("d", a.Max, a.Expose), a.Number),
                    3 => new DeviceAction.Pulse(Declarations.Switch("d", a.Expose, limits), TimeSpan.FromMilliseconds(a.Number)),
                    4 => new DeviceAction.SetLevel(Declarations.Switch("d", a.Expose), a.Number),
                    _ => new DeviceAction.MoveTo(Declarations.Cover("d", a.Expose), a.Number),
                };
                bool inRange = a.Kind switch
                {
                    0 => a.Number == 0 || (a.Number >= a.Min && a.Number <= a.Max),
                    1 => a.Number >= a.Min && a.Number <= a.Max,
                    2 => a.Number >= 1 && a.Number <= a.Max,
                    3 => a.Number > 0 && a.Number <= a.Max,
                    4 => false,
                    _ => a.Number is >= 0 and <= 100,
                };
                return Check(action) is Verdict.Allowed == (a.Expose && inRange);
            },
            iter: Effort.Tries(usual: 500, full: 100_000));
    }

    private static Verdict Check(params HouseAction[] actions) => Check(new SafetyPolicy(), actions);

    private static Verdict Check(SafetyPolicy policy, params HouseAction[] actions) => policy.Check(
        BoundCall.Direct(new DeviceAction.SwitchTo(Declarations.Switch("lamp"), true)) with { Actions = actions }, DateTimeOffset.UnixEpoch, HouseState.Empty);

    private sealed record Unheard(DeviceDeclaration Device) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.None;
    }

    private sealed record UnheardOfHouse : HouseAction;
}
