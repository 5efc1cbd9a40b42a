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
        view.Press(Key(ConsoleKey.Spacebar));
        Assert.Equal(!high, _house.Lines.IsHigh(6));
        view.Press(Key(ConsoleKey.DownArrow));
        view.Press(Key(ConsoleKey.RightArrow));
        Assert.Equal("20.5", _house.Device("hall temperature").State.Word);
        view.Press(Key(ConsoleKey.LeftArrow));
        view.Press(Key(ConsoleKey.LeftArrow));
        Assert.Equal("19.5", _house.Device("hall temperature").State.Word);
        Assert.Matches("> +│ hall temperature", Draw(view));
        view.Press(Key(ConsoleKey.DownArrow));
        Assert.Matches("> +│ window", Draw(view));
    }

    [Fact]
    public void A_number_is_typed_and_q_ends()
    {
        var view = new SimulationView(_house.House, _house.Clock, _console);
        view.Press(Key(ConsoleKey.DownArrow));
        foreach (char c in "-3.5x")
        {
            view.Press(new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false));
        }

        Assert.Matches("hall temperature .*-3.5_", Draw(view));
        view.Press(Key(ConsoleKey.Enter));
        Assert.Equal("-3.5", _house.Device("hall temperature").State.Word);
        Assert.False(view.IsLeft);
        view.Press(Key(ConsoleKey.Q));
        Assert.True(view.IsLeft);
    }

    [Fact]
    public void Help_and_displays_are_on_the_screen()
    {
        using var house = new TestHouse("displays: [{name: hall panel, kind: hd44780}]");
        house.House.Displays.Say("Good evening.");
        house.Clock.Advance(Functions.Displays.DisplayWriter.Gather);
        string text = Draw(new SimulationView(house.House, house.Clock, _console));
        Assert.Contains("hall panel", text, StringComparison.Ordinal);
        Assert.Contains("Good evening.", text, StringComparison.Ordinal);
        Assert.Contains("q or Ctrl-C stop", text, StringComparison.Ordinal);
    }

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, false, false, false);

    private string Draw(SimulationView view)
    {
        _out.GetStringBuilder().Clear();
        _console.Write(view.Draw());
        return _out.ToString();
    }
}
