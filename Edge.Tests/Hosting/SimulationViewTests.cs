using Edge.Runtime.Hosting;
using Edge.Tests.Fakes;
using Spectre.Console;
using Xunit;

namespace Edge.Tests.Hosting;

public sealed class SimulationViewTests : IDisposable
{
    private readonly TestHouse _house = new("""
        devices:
          - {name: lamp, room: kitchen, kind: light, line: 17}
          - {name: glow, kind: dimmer, pwm: 0}
          - {name: window, kind: contact, line: 6, bias: none}
          - {name: hall temperature, kind: sensor, quantity: temperature, simulated: 20}
        """);

    private readonly StringWriter _out = new();
    private readonly IAnsiConsole _console;

    public SimulationViewTests()
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(_out) });
        _console.Profile.Width = 120;
    }

    public void Dispose()
    {
        _house.Dispose();
        _out.Dispose();
    }

    [Fact]
    public void Lines_levels_and_sensors_are_shown_as_they_stand()
    {
        _house.Call("turn_on", """{"device":"lamp"}""");
        _house.Call("set_brightness", """{"light":"glow","brightness":40}""");
        _house.Device("hall temperature").Measure();
        string text = Draw(new SimulationView(_house.House, _house.Clock, _console));
        Assert.Matches(@"lamp +│ kitchen │ on +│ line 17", text);
        Assert.Matches(@"glow .*on ████░░░░░░ 40 %", text);
        Assert.Matches(@"hall temperature .*20 °C", text);
    }

    [Fact]
    public void Keys_choose_and_set_inputs()
    {
        var view = new SimulationView(_house.House, _house.Clock, _console);
        bool high = _house.Lines.IsHigh(6);
        view.Press(ConsoleKey.Spacebar);
        Assert.Equal(!high, _house.Lines.IsHigh(6));
        view.Press(ConsoleKey.DownArrow);
        view.Press(ConsoleKey.RightArrow);
        Assert.Equal("20.5", _house.Device("hall temperature").State.Word);
        view.Press(ConsoleKey.LeftArrow);
        view.Press(ConsoleKey.LeftArrow);
        Assert.Equal("19.5", _house.Device("hall temperature").State.Word);
        Assert.Matches("> +│ hall temperature", Draw(view));
        view.Press(ConsoleKey.DownArrow);
        Assert.Matches("> +│ window", Draw(view));
    }

    private string Draw(SimulationView view)
    {
        _out.GetStringBuilder().Clear();
        _console.Write(view.Draw());
        return _out.ToString();
    }
}
