using CsCheck;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Safety;

public sealed class RequirementTests : IDisposable
{
    private const string Yaml = """
        devices:
          - {name: valve, kind: cover, line: 17, onMax: 5s}
          - {name: pump, kind: switch, line: 27, requires: {valve: open, tank: closed}}
          - {name: tank, kind: contact, line: 5}
        functions:
          - {name: water, action: [{set: valve, to: open}, {set: pump, to: on}]}
        """;

    private static readonly TimeSpan Bouncing = TimeSpan.FromMilliseconds(20);

    private readonly TestHouse _house = new(Yaml);

    public RequirementTests()
    {
        _house.Lines.Drive(5, false);
        _house.Clock.Advance(Bouncing);
    }

    public void Dispose() => _house.Dispose();

    [Fact]
    public void A_pump_does_not_start_while_its_valve_is_closed()
    {
        var denied = Assert.IsType<FunctionResult.Denied>(Pump(true));
        Assert.Equal("requires", denied.Denial.Code);
        Assert.Equal("pump needs valve to be open, and it is closed; see to that first (edge.yaml, line 3).", denied.Sentence);
    }

    [Fact]
    public void Valve_then_pump_in_one_function_is_allowed_and_done() =>
        Assert.Equal("Valve is open. Pump is on.", Assert.IsType<FunctionResult.Done>(_house.Call("water")).Said);

    [Fact]
    public void A_valve_that_did_not_open_keeps_its_pump_off()
    {
        _house.Lines.Hold(17, false);
        Assert.IsType<FunctionResult.Failed>(_house.Call("water"));
        Assert.False(_house.Lines.IsHigh(27));
    }

    [Fact]
    public void A_valve_is_not_closed_under_a_running_pump()
    {
        _house.Call("water");
        var denied = Assert.IsType<FunctionResult.Denied>(Valve(false));
        Assert.Equal("pump is on and needs valve to be open; turn pump off first (edge.yaml, line 3).", denied.Sentence);
        Assert.IsType<FunctionResult.Done>(Pump(false));
        Assert.IsType<FunctionResult.Done>(Valve(false));
    }

    [Fact]
    public void A_valve_that_closes_by_itself_stops_its_pump()
    {
        _house.Call("water");
        _house.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_house.Lines.IsHigh(17));
        Assert.False(_house.Lines.IsHigh(27));
    }

    [Fact]
    public void An_input_that_changes_stops_the_pump_at_once()
    {
        _house.Call("water");
        _house.Lines.Drive(5, true);
        Assert.Equal("off", _house.Device("pump").State.Word);
    }

    [Fact]
    public void No_order_of_events_leaves_the_pump_running_against_a_closed_valve() =>
        Gen.Int[0, 6].Array[1, 40].Sample(
            steps =>
            {
                using var house = new TestHouse(Yaml);
                house.Lines.Drive(5, false);
                house.Clock.Advance(Bouncing);
                foreach (int step in steps)
                {
                    switch (step)
                    {
                        case 0 or 1:
                            house.House.Dispatcher.Invoke(new DeviceAction.OpenOrClose(house.Device("valve").Declaration, step == 0), TestContext.Current.CancellationToken);
                            break;
                        case 2 or 3:
                            house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(house.Device("pump").Declaration, step == 2), TestContext.Current.CancellationToken);
                            break;
                        case 4:
                            house.Call("water");
                            break;
                        case 5:
                            house.Lines.Drive(5, !house.Lines.IsHigh(5));
                            house.Clock.Advance(Bouncing);
                            break;
                        default:
                            house.Clock.Advance(TimeSpan.FromSeconds(2));
                            break;
                    }

                    if (house.Lines.IsHigh(27) && (!house.Lines.IsHigh(17) || house.Lines.IsHigh(5)))
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: Effort.Tries(usual: 100, full: 5000),
            threads: 1);

    [Theory]
    [InlineData("devices: [{name: a, kind: switch, line: 17, requires: {elephant: on}}]", "a requires elephant, which is no device with a state; declare it under devices (edge.yaml, line 1).")]
    [InlineData("devices: [{name: a, kind: switch, line: 17, requires: {a: on}}]", "a requires a, which in turn requires a; leave one of the two out (edge.yaml, line 1).")]
    [InlineData("devices: [{name: aa, kind: switch, line: 17, requires: {bb: on}}, {name: bb, kind: switch, line: 18, requires: {aa: on}}]", "aa requires bb, which in turn requires aa; leave one of the two out (edge.yaml, line 1).")]
    [InlineData("devices: [{name: valve, kind: switch, line: 17}, {name: pump, kind: switch, line: 18, requires: {vlave: on}}]", "pump requires vlave, which is no device with a state; did you mean valve? (edge.yaml, line 1).")]
    [InlineData("devices: [{name: aa, kind: switch, line: 17, requires: {bb: on}}, {name: bb, kind: switch, line: 18, requires: {cc: on}}, {name: cc, kind: switch, line: 19, requires: {bb: on}}]", "cc requires bb, which in turn requires cc; leave one of the two out (edge.yaml, line 1).")]
    public void Requirements_that_cannot_be_met_stop_the_start(string yaml, string fault) => Assert.Contains(fault, TestHouse.FaultsOf(yaml));

    [Fact]
    public void A_pulse_of_the_valve_under_a_running_pump_is_denied_since_it_ends_closed()
    {
        _house.Call("water");
        var pulse = new DeviceAction.Pulse(_house.Device("valve").Declaration, TimeSpan.FromSeconds(1));
        Assert.Equal("required", Assert.IsType<FunctionResult.Denied>(_house.House.Dispatcher.Invoke(pulse, TestContext.Current.CancellationToken)).Denial.Code);
    }

    private FunctionResult Pump(bool on) => _house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(_house.Device("pump").Declaration, on), TestContext.Current.CancellationToken);

    private FunctionResult Valve(bool open) => _house.House.Dispatcher.Invoke(new DeviceAction.OpenOrClose(_house.Device("valve").Declaration, open), TestContext.Current.CancellationToken);
}
