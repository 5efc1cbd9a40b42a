using Edge.Functions.Displays;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Displays;

/// <summary>What stands on a display, and that a slow or dead one delays nobody.</summary>
public sealed class DisplayWriterTests
{
    private const string Yaml = """
        devices:
          - {name: lamp, kind: light, line: 17}
          - {name: hall temperature, kind: sensor, quantity: temperature, simulated: 20}
          - {name: secret, kind: light, line: 18, expose: false}
        displays:
          - {name: hall, kind: ssd1306}
        """;

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void The_last_reply_and_the_states_stand_on_it_as_text()
    {
        using var house = new TestHouse(Yaml);
        house.House.Displays.Say("Lamp is on and the hall temperature is 20 °C.");
        house.Call("turn_on", """{"device":"lamp"}""");
        house.Device("hall temperature").Measure();
        house.Clock.Advance(DisplayWriter.Gather);
        Assert.Equal(
            ["Lamp is on and the", "hall temperature is", "20 °C.", "lamp               on", "hall temperatur 20 °C"],
            house.House.Displays.Writers[0].Simulation!.Rows);
    }

    [Fact]
    public void What_does_not_fit_follows_page_by_page()
    {
        using var house = new TestHouse("displays: [{name: d, kind: hd44780, page: 2s}]");
        house.House.Displays.Say("The garden pump is on for 10 min.");
        var pages = new List<string>();
        house.Clock.Advance(DisplayWriter.Gather);
        for (int i = 0; i < 4; i++)
        {
            pages.Add(string.Join('/', house.House.Displays.Writers[0].Simulation!.Rows));
            house.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(["The garden pump/is on for 10", "min.", "The garden pump/is on for 10", "min."], pages);
    }

    [Fact]
    public async Task A_display_that_hangs_holds_up_no_command()
    {
        using var hangs = new Hanging();
        using var house = new TestHouse(Yaml);
        using var writer = new DisplayWriter(TestHouse.ReadSettings(Yaml).Displays[0], () => hangs, TimeProvider.System, NullLogger.Instance);
        house.House.StateChanged += (device, state) => writer.Tell(device.Name, state.Word);
        writer.Say("hello");
        await hangs.Began.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.IsType<FunctionResult.Done>(house.Call("turn_on", """{"device":"lamp"}"""));
        Assert.IsType<FunctionResult.Done>(house.Call("turn_off", """{"device":"lamp"}"""));
        writer.Say("again");
        Assert.Equal(1, hangs.Drawings);
    }

    [Fact]
    public void A_display_that_is_gone_is_opened_anew_and_shows_what_came_meanwhile()
    {
        var panel = new OledPanel { IsUnplugged = true };
        int opened = 0;
        using var writer = new DisplayWriter(TestHouse.ReadSettings("displays: [{name: d, kind: ssd1306}]").Displays[0], Open, _clock, NullLogger.Instance);
        writer.Say("A");
        _clock.Advance(DisplayWriter.Gather);
        writer.Say("I");
        panel.IsUnplugged = false;
        _clock.Advance(DisplayWriter.Gather);
        Assert.Equal((1, false), (opened, panel.IsOn));
        _clock.Advance(DisplayWriter.RetryAfter);
        Assert.Equal((2, true), (opened, panel.IsOn));
        Assert.Equal([0, 0x41, 0x7F, 0x41, 0], panel.Page(0)[..5]);

        TextDisplay Open()
        {
            opened++;
            return new Ssd1306Display(panel, 64);
        }
    }

    [Fact]
    public void A_slow_display_is_left_when_its_deadline_is_over()
    {
        var panel = new OledPanel();
        var slow = new Ssd1306Display(panel, 64);
        panel.BeforeWrite = () => _clock.Advance(DisplayWriter.Deadline / 4);
        using var writer = new DisplayWriter(TestHouse.ReadSettings("displays: [{name: d, kind: ssd1306}]").Displays[0], () => slow, _clock, NullLogger.Instance);
        writer.Say("A");
        _clock.Advance(DisplayWriter.Gather);

        // Three transfers a row at half a second each: the first row, and the second that began in time.
        Assert.Equal(2 * 128, panel.DataBytes);
    }

    [Fact]
    public void A_display_goes_blank_when_nobody_keeps_it_true_any_more()
    {
        var panel = new OledPanel();
        var writer = new DisplayWriter(TestHouse.ReadSettings("displays: [{name: d, kind: ssd1306}]").Displays[0], () => new Ssd1306Display(panel, 64), _clock, NullLogger.Instance);
        writer.Say("A");
        _clock.Advance(DisplayWriter.Gather);
        Assert.NotEqual(0, panel.Page(0)[0]);
        writer.Dispose();
        Assert.All(panel.Page(0), column => Assert.Equal(0, column));
    }

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("incomprehensible words", 8, "incompre|hensible|words")]
    [InlineData("a\nb\u001b[2Jc", 20, "a b [2Jc")]
    [InlineData("", 8, "")]
    public void Text_breaks_at_spaces(string text, int columns, string rows) => Assert.Equal(rows, string.Join('|', TextLayout.Wrap(text, columns)));

    private sealed class Hanging : TextDisplay
    {
        private readonly ManualResetEventSlim _free = new();

        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Drawings { get; private set; }

        public override void Show(IReadOnlyList<string> rows, DrawingTime time)
        {
            Drawings++;
            Began.TrySetResult();
            _free.Wait(CancellationToken.None);
        }

        protected override void Dispose(bool disposing) => _free.Set();
    }
}
