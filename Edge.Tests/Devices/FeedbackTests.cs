using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Devices;

public sealed class FeedbackTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: valve, kind: cover, line: 17, feedback: {line: 5, within: 2s}}
          - {name: pump, kind: switch, line: 27, requires: {valve: open}}
          - {name: lamp, kind: light, line: 22}
        functions:
          - {name: water, action: [{set: valve, to: open}, {set: pump, to: on}]}
        """);

    public FeedbackTests() => _house.Lines.Drive(5, false);

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task A_thing_that_follows_in_its_time_is_done()
    {
        var call = Open();
        await UntilHighAsync(17);
        _house.Lines.Drive(5, true);
        Assert.Equal("Valve is open.", Assert.IsType<FunctionResult.Done>(await call).Said);
    }

    [Fact]
    public async Task A_thing_that_does_not_is_a_failure_though_its_line_is_right()
    {
        var call = Open();
        await AdvanceUntilAsync(call);
        Assert.Equal("Valve did not follow: its feedback on Line 5 of simulated still tells otherwise after 2s.", Assert.IsType<FunctionResult.Failed>(await call).Error);
        Assert.Equal("closed", _house.Device("valve").State.Word);
    }

    [Fact]
    public async Task Others_move_while_a_thing_takes_its_time()
    {
        var call = Open();
        await UntilHighAsync(17);
        Assert.IsType<FunctionResult.Done>(_house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(_house.Device("lamp").Declaration, true), TestContext.Current.CancellationToken));
        _house.Lines.Drive(5, true);
        await call;
    }

    [Fact]
    public async Task What_depends_on_it_waits_for_the_feedback_and_not_for_the_line()
    {
        var call = Task.Run(() => _house.Call("water"));
        await AdvanceUntilAsync(call);
        Assert.IsType<FunctionResult.Failed>(await call);
        Assert.False(_house.Lines.IsHigh(27));
    }

    [Fact]
    public void Feedback_that_changes_by_itself_changes_the_state()
    {
        _house.Lines.Drive(5, true);
        Assert.Equal("open", _house.Device("valve").State.Word);
        _house.Lines.Drive(5, false);
        Assert.Equal("closed", _house.Device("valve").State.Word);
    }

    private Task<FunctionResult> Open() => Task.Run(() => _house.House.Dispatcher.Invoke(new DeviceAction.OpenOrClose(_house.Device("valve").Declaration, true)));

    private async Task UntilHighAsync(int line)
    {
        while (!_house.Lines.IsHigh(line))
        {
            await Task.Yield();
        }
    }

    private async Task AdvanceUntilAsync(Task call)
    {
        while (!call.IsCompleted)
        {
            _house.Clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
    }
}
