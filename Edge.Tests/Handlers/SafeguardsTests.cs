using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Handlers;

public sealed class SafeguardsTests
{
    private const string Lamp = "devices: [{name: lamp, kind: light, line: 17}, {name: fan, kind: fan, line: 27, safe: on}, {name: pump, kind: switch, line: 22, onMax: 5s}]\n";

    [Fact]
    public void A_broker_that_stays_away_makes_outputs_safe_where_the_owner_wants_it()
    {
        using var house = On("safety: {onBrokerLost: safe, brokerLostAfter: 10s}");
        house.House.Safeguards.BrokerIs(connected: false);
        house.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.True(house.Lines.IsHigh(17));
        house.House.Safeguards.BrokerIs(connected: true);
        house.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.True(house.Lines.IsHigh(17));
        house.House.Safeguards.BrokerIs(connected: false);
        house.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(house.Lines.IsHigh(17));
        Assert.True(house.Lines.IsHigh(27));
    }

    [Fact]
    public void By_default_a_lost_broker_changes_nothing()
    {
        using var house = On("");
        house.House.Safeguards.BrokerIs(connected: false);
        house.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True(house.Lines.IsHigh(17));
    }

    [Fact]
    public void A_model_that_broke_makes_outputs_safe_unless_the_owner_keeps_them()
    {
        using var safe = On("");
        safe.House.Safeguards.ModelFailed();
        Assert.False(safe.Lines.IsHigh(17));
        using var kept = On("safety: {onModelFault: keep}");
        kept.House.Safeguards.ModelFailed();
        Assert.True(kept.Lines.IsHigh(17));
    }

    [Fact]
    public void A_hot_board_goes_safe_and_stays_so_until_it_is_cooler()
    {
        using var house = On("safety: {temperatureMax: 80}");
        house.House.Safeguards.BoardIs(79.9);
        Assert.True(house.Lines.IsHigh(17));
        house.House.Safeguards.BoardIs(80);
        Assert.False(house.Lines.IsHigh(17));
        Assert.Equal("too-hot", Denied(house, "lamp", true));
        house.House.Safeguards.BoardIs(75.1);
        Assert.Equal("too-hot", Denied(house, "lamp", true));
        house.House.Safeguards.BoardIs(75);
        Assert.Null(Denied(house, "lamp", true));
    }

    [Fact]
    public void On_a_hot_board_the_way_to_the_safe_value_is_open()
    {
        using var house = On("");
        house.House.Safeguards.BoardIs(99);
        Assert.Null(Denied(house, "lamp", false));
        Assert.Equal("too-hot", Denied(house, "fan", false));
    }

    [Fact]
    public async Task The_board_s_own_sensor_is_watched()
    {
        using var sysfs = new FakeSysfs();
        sysfs.Write("class/thermal/thermal_zone0/temp", "40000\n");
        sysfs.Write("class/thermal/thermal_zone1/temp", "91500\n");
        using var house = new TestHouse(Lamp + $"sysfs: {sysfs.Root}\n");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watching = house.House.WatchSensorsAsync(stop.Token);
        while (!house.House.Safeguards.IsTooHot && !watching.IsCompleted)
        {
            await Task.Yield();
        }

        Assert.Equal("too-hot", Denied(house, "lamp", true));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task Max_on_ends_also_while_a_model_and_every_caller_hang()
    {
        using var house = On("");
        var hang = new TaskCompletionSource();
        var model = new Thread(() => hang.Task.Wait()) { IsBackground = true };
        model.Start();
        Assert.Null(Denied(house, "pump", true));
        house.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(house.Lines.IsHigh(22));
        hang.SetResult();
        await Task.CompletedTask;
    }

    [Fact]
    public void Max_on_is_tried_again_until_the_line_follows()
    {
        using var house = On("");
        Denied(house, "pump", true);
        house.Lines.Hold(22, true);
        house.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("on", house.Device("pump").State.Word);
        house.Lines.Hold(22, false);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("off", house.Device("pump").State.Word);
    }

    [Fact]
    public void Actuators_answer_while_nobody_holds_them()
    {
        using var house = On("");
        Assert.True(house.House.Dispatcher.IsResponsive(TimeSpan.FromSeconds(1)));
    }

    private static TestHouse On(string safety)
    {
        var house = new TestHouse(Lamp + safety);
        Denied(house, "lamp", true);
        return house;
    }

    private static string? Denied(TestHouse house, string device, bool on) =>
        (house.House.Dispatcher.Invoke(new DeviceAction.SwitchTo(house.Device(device).Declaration, on), Caller.Local, null, TestContext.Current.CancellationToken) as FunctionResult.Denied)?.Denial.Code;
}
