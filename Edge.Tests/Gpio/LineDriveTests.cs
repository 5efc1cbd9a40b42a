using System.Device.Gpio;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Gpio;

/// <summary>Push-pull, open drain, open source: which level a line makes itself, and which it leaves to a resistor.</summary>
public sealed class LineDriveTests : IDisposable
{
    private readonly SimulatedGpioDriver _lines = new();
    private readonly GpioController _controller;
    private readonly GpioChip _chip;

    public LineDriveTests()
    {
        _controller = new GpioController(_lines);
        _chip = new GpioChip("simulated", _controller, _lines);
    }

    public void Dispose()
    {
        _chip.Dispose();
        _lines.Dispose();
    }

    [Theory]
    [InlineData(LineDrive.PushPull, LineBias.None, PinMode.Output, PinMode.Output)]
    [InlineData(LineDrive.OpenDrain, LineBias.PullUp, PinMode.InputPullUp, PinMode.Output)]
    [InlineData(LineDrive.OpenSource, LineBias.PullDown, PinMode.Output, PinMode.InputPullDown)]
    public void Each_drive_makes_its_levels_itself_and_lets_go_of_the_other(LineDrive drive, LineBias bias, PinMode high, PinMode low)
    {
        using var line = _chip.OpenOutput(20, "lamp", drive: drive, bias: bias);
        Assert.Equal((low, false), (_controller.GetPinMode(20), _lines.IsHigh(20)));
        line.Write(true, Permits.For("lamp"));
        Assert.Equal((high, true), (_controller.GetPinMode(20), _lines.IsHigh(20)));
        line.Write(false, Permits.For("lamp"));
        Assert.Equal((low, false), (_controller.GetPinMode(20), _lines.IsHigh(20)));
    }

    [Fact]
    public void An_open_drain_without_a_pull_up_is_told_with_the_way_out()
    {
        using var line = _chip.OpenOutput(20, "lamp", drive: LineDrive.OpenDrain);
        Assert.Equal(
            "Line 20 of simulated was set high but reads low; a line of this drive needs a pull resistor to get there, or \"bias:\".",
            Assert.Throws<HardwareFault>(() => line.Write(true, Permits.For("lamp"))).Message);
    }

    [Fact]
    public void Settings_name_drive_and_bias()
    {
        using var house = new TestHouse("devices: [{name: valve, kind: switch, line: 20, activeLow: true, drive: open-drain, bias: up}]");
        Assert.True(house.Lines.IsHigh(20));
        Assert.IsType<FunctionResult.Done>(house.Call("turn_on", """{"device":"valve"}"""));
        Assert.False(house.Lines.IsHigh(20));
        var wiring = (Wiring.Output)house.Device("valve").Declaration.Wiring;
        Assert.Equal((LineDrive.OpenDrain, LineBias.PullUp), (wiring.Drive, wiring.Bias));
    }

    [Theory]
    [InlineData("drive: open-collector", "devices[0].drive is \"open-collector\"; use one of push-pull, open-drain, open-source (edge.yaml, line 1).")]
    [InlineData("bias: up", "devices[0].bias does nothing for a push-pull output; use up with open-drain, down with open-source, or leave it out (edge.yaml, line 1).")]
    [InlineData("drive: open-source, bias: up", "devices[0].bias does nothing for a open-source output; use up with open-drain, down with open-source, or leave it out (edge.yaml, line 1).")]
    public void A_wrong_drive_is_one_line(string settings, string fault) =>
        Assert.Contains(fault, TestHouse.FaultsOf($"devices: [{{name: l, kind: light, line: 17, {settings}}}]"));
}
