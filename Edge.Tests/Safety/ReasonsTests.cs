using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;
using Edge.Functions.Safety;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Safety;

/// <summary>The gate as a function: which of several reasons is said, what it looks at, and where its limits lie to the tick.</summary>
public sealed class ReasonsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LongAgo = Now - TimeSpan.FromHours(1);

    private static readonly DeviceDeclaration Pump = Declarations.Switch("pump") with
    {
        Rules = DeviceRules.None with { ChangeInterval = TimeSpan.FromSeconds(2), ChangesMax = 2, Requires = [new("Valve", "open"), new("tank", "closed")] },
    };

    private static readonly DeviceDeclaration Fan = Declarations.Switch("fan") with { Rules = DeviceRules.None with { Requires = [new("lamp", "on"), new("VALVE", "open")] } };
    private static readonly DeviceDeclaration Valve = Declarations.Cover("valve");
    private static readonly DeviceDeclaration Tank = Declarations.Contact("tank");
    private static readonly DeviceDeclaration Cool = Declarations.Switch("cool");
    private static readonly DeviceDeclaration Lamp = Declarations.Switch("lamp");

    private static readonly SafetyPolicy Policy = new(
        SafetyRules.Default with { Interlocks = [new Interlock([Pump, Cool], TimeSpan.FromMilliseconds(500), "edge.yaml, line 9")] },
        [Pump, Fan, Valve, Tank, Cool, Lamp]);

    [Fact]
    public void Heat_is_said_before_an_interlock_that_before_a_requirement_and_the_wait_last()
    {
        var on = new DeviceAction.SwitchTo(Pump, true);
        Assert.Equal("too-hot", Refusal(House(hot: true, cool: "on", valve: "closed", moved: [Now]), on)!.Code);
        Assert.Equal("interlocked", Refusal(House(cool: "on", valve: "closed", moved: [Now]), on)!.Code);
        Assert.Equal("requires", Refusal(House(valve: "closed", moved: [Now]), on)!.Code);
        Assert.Equal("too-soon", Refusal(House(moved: [Now]), on)!.Code);
        Assert.Null(Refusal(House(moved: [LongAgo]), on));
    }

    [Fact]
    public void Heat_keeps_nothing_from_its_safe_value() =>
        Assert.Null(Refusal(House(hot: true, pump: "on", moved: [Now]), new DeviceAction.SwitchTo(Pump, false)));

    [Fact]
    public void Every_note_of_a_tune_is_in_range_and_all_of_them_are_no_longer_than_a_pulse()
    {
        var horn = Declarations.Dimmer("horn") with
        {
            Kind = DeviceKind.Buzzer,
            Wiring = new Wiring.Tone(new PwmAddress("auto", 0), 2500, []),
            Limits = new DeviceLimits(ToneMin: 200, ToneMax: 4000, PulseMax: TimeSpan.FromSeconds(1)),
        };
        Assert.Null(Play("200 500, rest 100, 4000 400"));
        Assert.Equal("horn may not be set to 4001 Hz; use 200 to 4000.", Play("200 500, 4001 100, 100 100"));
        Assert.Equal("horn may not be set to 4001 Hz; use 200 to 4000.", Play("4001 2000"));
        Assert.Equal("horn may not be set to 199 Hz; use 200 to 4000.", Play("rest 10, 199 10"));
        Assert.Equal("A pulse of 1001ms is too long for horn; use at most 1s, or raise its pulseMax (edge.yaml, line 7).", Play("200 500, rest 101, 4000 400"));

        string? Play(string notes) => Refusal(HouseState.Empty, new DeviceAction.Play(horn, Melody.Parse("tune", notes)!))?.Message;
    }

    [Fact]
    public void A_permit_says_on_whose_behalf_it_is()
    {
        var errand = new Errand("anna", Pin: "4711");
        var allowed = Assert.IsType<Verdict.Allowed>(Policy.Check(BoundCall.Direct(new DeviceAction.SwitchTo(Lamp, true)) with { Errand = errand }, Now, HouseState.Empty));
        Assert.Same(errand, allowed.Call.Errand);
    }

    [Fact]
    public void What_is_not_exposed_is_said_before_what_cannot_be_and_that_before_ranges()
    {
        Assert.Equal("not-exposed", Refusal(HouseState.Empty, new DeviceAction.SetLevel(Declarations.Switch("lamp", expose: false), 140))!.Code);
        Assert.Equal("not-exposed", Refusal(HouseState.Empty, new DeviceAction.SetLevel(Declarations.Dimmer("lamp", expose: false), 140))!.Code);
        Assert.Equal("wrong-kind", Refusal(HouseState.Empty, new DeviceAction.SetLevel(Declarations.Switch("lamp"), 140))!.Code);
    }

    [Fact]
    public void What_nobody_has_heard_of_is_named()
    {
        Assert.Equal("Unheard is nothing the gate knows; it is refused.", Refusal(HouseState.Empty, new Unheard(Lamp))!.Message);
        Assert.Equal("UnheardOfHouse is nothing the gate knows; it is refused.", Refusal(HouseState.Empty, new UnheardOfHouse())!.Message);
    }

    [Fact]
    public void An_interlock_holds_its_members_alone_and_none_of_them_from_going_off()
    {
        Assert.Null(Refusal(House(cool: "on"), new DeviceAction.SwitchTo(Lamp, true)));
        Assert.Null(Refusal(House(cool: "on", pump: "on", moved: [LongAgo]), new DeviceAction.SwitchTo(Pump, false)));
        Assert.NotNull(Refusal(House(cool: "on"), new DeviceAction.SwitchTo(Pump, true)));
    }

    [Fact]
    public void A_dwell_ends_to_the_tick()
    {
        var on = new DeviceAction.SwitchTo(Pump, true);
        Assert.Null(Refusal(House(coolSince: Now - TimeSpan.FromMilliseconds(500)), on));
        var denial = Refusal(House(coolSince: Now - TimeSpan.FromMilliseconds(500) + TimeSpan.FromTicks(1)), on)!;
        Assert.Equal(new Denial("dwell", "pump may start in 1 ms, as cool has only just stopped (edge.yaml, line 9)."), denial);
    }

    [Fact]
    public void What_takes_time_is_moving_for_the_rest_of_the_call() => Assert.Equal(
        "pump needs Valve to be open, and it is moving; see to that first (edge.yaml, line 7).",
        Refusal(House(valve: "closed"), new DeviceAction.OpenOrClose(Valve, true), new DeviceAction.SwitchTo(Pump, true))!.Message);

    [Fact]
    public void A_minute_is_a_minute_and_a_second_is_said_as_one()
    {
        var on = new DeviceAction.SwitchTo(Pump, true);
        Assert.Null(Refusal(House(moved: [Now - TimeSpan.FromMinutes(1), Now - TimeSpan.FromSeconds(2)]), on));
        Assert.Equal(
            new Denial("too-often", "pump changed 2 times within a minute; at most 2 are allowed, so wait or raise its changesPerMinute (edge.yaml, line 7)."),
            Refusal(House(moved: [Now - TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(1), Now - TimeSpan.FromSeconds(2)]), on));
        Assert.Equal(
            new Denial("too-soon", "pump may change again in 1 s; it rests 2s between changes (edge.yaml, line 7)."),
            Refusal(House(moved: [Now - TimeSpan.FromSeconds(1)]), on));
        Assert.Equal(
            new Denial("too-soon", "pump may change again in 1 ms; it rests 2s between changes (edge.yaml, line 7)."),
            Refusal(House(moved: [Now - TimeSpan.FromSeconds(2) + TimeSpan.FromTicks(1)]), on));
    }

    [Fact]
    public void Two_changes_in_one_call_are_two_changes() => Assert.Equal(
        "too-soon",
        Refusal(House(), new DeviceAction.SwitchTo(Pump, true), new DeviceAction.SwitchTo(Pump, false), new DeviceAction.SwitchTo(Pump, true))!.Code);

    [Theory]
    [InlineData("pump", "pump cool Valve tank")]
    [InlineData("cool", "cool pump")]
    [InlineData("valve", "valve pump fan")]
    [InlineData("lamp", "lamp fan")]
    [InlineData("fan", "fan lamp VALVE")]
    public void What_a_verdict_hangs_on_is_measured_and_nothing_else(string device, string concerned)
    {
        var declared = new[] { Pump, Fan, Valve, Cool, Lamp }.Single(d => d.Name == device);
        DeviceAction action = declared == Valve ? new DeviceAction.OpenOrClose(Valve, true) : new DeviceAction.SwitchTo(declared, true);
        Assert.Equal(concerned.Split(' '), Policy.Concerned(BoundCall.Direct(action)));
        Assert.Empty(Policy.Concerned(BoundCall.Direct(new DeviceAction.ReadState(declared))));
    }

    [Fact]
    public void Six_deeds_are_spelled_out_and_none_is_counted()
    {
        var deeds = Enumerable.Range(1, 6).Select(i => new DeviceAction.SwitchTo(Declarations.Switch($"h{i}") with { Rules = DeviceRules.None with { Confirm = Confirmation.Always } }, true)).ToArray();
        var asks = Assert.IsType<Verdict.NeedsConfirmation>(Check(HouseState.Empty, deeds));
        Assert.Equal("Turn on h1, turn on h2, turn on h3, turn on h4, turn on h5, turn on h6?", asks.Question);
    }

    private static HouseState House(bool hot = false, string cool = "off", DateTimeOffset? coolSince = null, string valve = "open", string pump = "off", DateTimeOffset[]? moved = null) => new(
        new Dictionary<string, DeviceCondition>(StringComparer.OrdinalIgnoreCase)
        {
            ["pump"] = new(new DeviceState(pump), LongAgo, moved ?? []),
            ["cool"] = new(new DeviceState(cool), coolSince ?? LongAgo),
            ["valve"] = new(new DeviceState(valve), LongAgo),
            ["tank"] = new(new DeviceState("closed"), LongAgo),
            ["fan"] = new(new DeviceState("off"), LongAgo),
        },
        hot);

    private static Denial? Refusal(HouseState house, params HouseAction[] actions) => (Check(house, actions) as Verdict.Denied)?.Denial;

    private static Verdict Check(HouseState house, params HouseAction[] actions) =>
        Policy.Check(BoundCall.Direct(new DeviceAction.SwitchTo(Lamp, true)) with { Actions = actions }, Now, house);

    private sealed record Unheard(DeviceDeclaration Device) : DeviceAction(Device)
    {
        public override DeviceSkills Needs => DeviceSkills.None;
    }

    private sealed record UnheardOfHouse : HouseAction;
}
