using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Safety;

public sealed class RateLimitTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: pump, kind: switch, line: 17, changeInterval: 10s}
          - {name: lamp, kind: light, line: 27, changesPerMinute: 4}
          - {name: siren, kind: switch, line: 22, changeInterval: 500ms}
        """);

    public void Dispose() => _house.Dispose();

    [Fact]
    public void A_change_too_soon_is_denied_with_the_time_to_wait()
    {
        Assert.IsType<FunctionResult.Done>(On("pump"));
        _house.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.IsType<FunctionResult.Done>(Off("pump"));
        _house.Clock.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal("pump may change again in 7 s; it rests 10s between changes (edge.yaml, line 2).", Assert.IsType<FunctionResult.Denied>(On("pump")).Sentence);
        _house.Clock.Advance(TimeSpan.FromSeconds(6.5));
        Assert.IsType<FunctionResult.Done>(On("pump"));
    }

    [Fact]
    public void Less_than_a_second_is_said_in_milliseconds()
    {
        On("siren");
        Off("siren");
        Assert.Contains("in 500 ms;", On("siren").Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_way_to_the_safe_value_is_always_free()
    {
        On("pump");
        Assert.IsType<FunctionResult.Done>(Off("pump"));
        Assert.False(_house.Lines.IsHigh(17));
    }

    [Fact]
    public void What_stands_so_already_is_no_change()
    {
        On("pump");
        Assert.IsType<FunctionResult.Done>(On("pump"));
        Assert.Single(_house.Device("pump").MovedAt);
    }

    [Fact]
    public void More_changes_than_a_minute_may_have_are_denied()
    {
        for (int i = 0; i < 2; i++)
        {
            Assert.IsType<FunctionResult.Done>(On("lamp"));
            _house.Clock.Advance(TimeSpan.FromSeconds(1));
            Off("lamp");
            _house.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var denied = Assert.IsType<FunctionResult.Denied>(On("lamp"));
        Assert.Equal("too-often", denied.Denial.Code);
        Assert.Equal("lamp changed 4 times within a minute; at most 4 are allowed, so wait or raise its changesPerMinute (edge.yaml, line 3).", denied.Sentence);
        _house.Clock.Advance(TimeSpan.FromSeconds(57));
        Assert.IsType<FunctionResult.Done>(On("lamp"));
    }

    private FunctionResult On(string device) => _house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(_house.Device(device).Declaration, true), TestContext.Current.CancellationToken);

    private FunctionResult Off(string device) => _house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(_house.Device(device).Declaration, false), TestContext.Current.CancellationToken);
}
