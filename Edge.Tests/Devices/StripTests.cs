using System.Device.Gpio;
using Edge.Functions;
using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Edge.Functions.Gpio;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Devices;

/// <summary>WS2812B lights, seen from their SPI bus.</summary>
public sealed class StripTests : IDisposable
{
    private readonly RecordedSpi _bus = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly House _house;

    public StripTests()
    {
        var settings = TestHouse.ReadSettings("devices: [{name: shelf, kind: strip, leds: 3, onMax: 10min, max: 100}, {name: lamp, kind: light, line: 17}, {name: hidden, kind: strip, leds: 2, spi: {bus: 1}, expose: false}]");
        var buses = new FakeBuses(_clock) { Spi = _bus };
        var lines = new SimulatedGpioDriver();
        var board = GpioBoard.On(new GpioChip("simulated", new GpioController(lines), lines));
        _house = House.Open(settings, Hardware.On(board, settings, _clock, buses.Board), _clock, NullLoggerFactory.Instance);
    }

    public void Dispose()
    {
        _house.Dispose();
        _bus.Dispose();
    }

    /// <summary>WS2812B data sheet: green, red, blue, high bit first. On SPI a zero is 100 and a one 110.</summary>
    [Fact]
    public void A_colour_is_sent_as_green_red_blue_in_the_bits_of_the_data_sheet()
    {
        Assert.Equal("Shelf is red at 100 %.", Call("set_color", """{"light":"shelf","color":"red"}""").Sentence);
        Assert.Equal([0, 255, 0], Bytes(_bus.Written[^1], light: 0));
        Assert.Equal((3 * 9) + 30, _bus.Written[^1].Length);
        Assert.All(_bus.Written[^1][^30..], pause => Assert.Equal(0, pause));
    }

    [Fact]
    public void It_is_dark_at_start_at_stop_and_after_its_time()
    {
        Assert.True(IsDark());
        Call("turn_on", """{"device":"shelf"}""");
        Assert.False(IsDark());
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True(IsDark());
        Call("turn_on", """{"device":"shelf"}""");
        _house.GoSafe();
        Assert.True(IsDark());
        Assert.Equal("off", State.Word);
    }

    [Theory]
    [InlineData("blink")]
    [InlineData("fade")]
    [InlineData("rainbow")]
    [InlineData("chase")]
    public void An_effect_moves_with_the_clock_until_it_is_off(string effect)
    {
        Assert.IsType<FunctionResult.Done>(Call("set_effect", $$"""{"light":"shelf","effect":"{{effect}}"}"""));
        Assert.Equal((effect, "on"), (State.Effect, State.Word));
        int began = _bus.Written.Count;
        for (int i = 0; i < 25; i++)
        {
            _clock.Advance(StripDevice.Frame);
        }

        Assert.Equal(25, _bus.Written.Count - began);
        Assert.True(_bus.Written.Skip(began).Select(Convert.ToHexString).Distinct().Count() > 1);
        Call("turn_off", """{"device":"shelf"}""");
        int stopped = _bus.Written.Count;
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(stopped, _bus.Written.Count);
        Assert.True(IsDark());
    }

    [Fact]
    public void A_colour_that_stands_still_is_sent_once()
    {
        Call("set_color", """{"light":"shelf","color":"blue"}""");
        int sent = _bus.Written.Count;
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(sent, _bus.Written.Count);
    }

    [Fact]
    public void Brightness_is_kept_while_the_colour_changes_and_comes_back_with_on()
    {
        Call("set_brightness", """{"light":"shelf","brightness":50}""");
        Call("set_color", """{"light":"shelf","color":"white"}""");

        // Half of what eyes see is a fifth of the power: 255 × 0.5^2.2.
        Assert.Equal([55, 55, 55], Bytes(_bus.Written[^1], light: 2));
        Call("turn_off", """{"device":"shelf"}""");
        Assert.Equal("Shelf is white at 50 %.", Call("turn_on", """{"device":"shelf"}""").Sentence);
    }

    [Fact]
    public void A_bus_that_fails_is_a_failed_result_and_holds_up_nobody()
    {
        _bus.IsBroken = true;
        Assert.StartsWith("Shelf did not follow: The strip on SPI bus 0 chip select 0 cannot be written", Assert.IsType<FunctionResult.Failed>(Call("set_color", """{"light":"shelf","color":"red"}""")).Error, StringComparison.Ordinal);
        Assert.False(State.IsKnown);
        Assert.IsType<FunctionResult.Done>(Call("turn_on", """{"device":"lamp"}"""));
    }

    [Fact]
    public void What_is_not_exposed_has_no_colour()
    {
        int sent = _bus.Written.Count;
        var action = new DeviceAction.SetColour(_house.Registry.Find("hidden")!.Declaration, new Rgb(1, 2, 3));
        Assert.IsType<FunctionResult.Denied>(_house.Dispatcher.Invoke(action, TestContext.Current.CancellationToken));
        Assert.Equal(sent, _bus.Written.Count);
    }

    [Fact]
    public void The_state_tells_colour_and_effect()
    {
        Call("set_color", """{"light":"shelf","color":"orange"}""");
        Assert.Equal("""{"state":"on","value":100,"color":"orange","rgb":[255,96,0],"effect":"solid"}""", State.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("red", 255, 0, 0)]
    [InlineData("#FF8000", 255, 128, 0)]
    [InlineData("1, 2,3", 1, 2, 3)]
    public void Colours_have_names_and_numbers(string text, byte r, byte g, byte b) => Assert.Equal(new Rgb(r, g, b), Rgb.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("#ff800")]
    [InlineData("#gg0000")]
    [InlineData("256,0,0")]
    [InlineData("-1,0,0")]
    [InlineData("redd")]
    public void What_is_no_colour_is_none(string text) => Assert.Null(Rgb.Parse(text));

    [Theory]
    [InlineData("{name: s, kind: strip}", "devices[0].leds is missing; say how many lights the strip has, 1 to 450 (edge.yaml, line 1).")]
    [InlineData("{name: s, kind: strip, leds: 451}", "devices[0].leds is 451; use 1 to 450 (edge.yaml, line 1).")]
    [InlineData("{name: s, kind: strip, leds: 3, safe: on}", "devices[0].safe is \"on\"; use one of off (edge.yaml, line 1).")]
    [InlineData("{name: s, kind: strip, leds: 3}, {name: t, kind: strip, leds: 3, spi: {chipSelect: 1}}", "devices[1] uses SPI bus 0, which is taken by s (edge.yaml, line 1); choose another (edge.yaml, line 1).")]
    [InlineData("{name: s, kind: strip, leds: 3}, {name: t, kind: sensor, quantity: voltage, part: {kind: mcp3008, channel: ch1}}", "t uses SPI bus 0, which is taken by s (edge.yaml, line 1): a strip has no chip select and would take its data for colours; use another bus (edge.yaml, line 1).")]
    public void A_wrong_strip_is_one_line(string device, string fault) => Assert.Contains(fault, TestHouse.FaultsOf($"devices: [{device}]"));

    private DeviceState State => _house.Registry.Find("shelf")!.State;

    private FunctionResult Call(string name, string arguments) => _house.Dispatcher.Invoke(new Functions.Calls.FunctionCall(name, TestHouse.Json(arguments)), TestContext.Current.CancellationToken);

    private bool IsDark() => Enumerable.Range(0, 3).All(i => Bytes(_bus.Written.Last(w => w.Length == 57), i).All(b => b == 0));

    /// <summary>Green, red, blue of a light, from three bits of SPI each.</summary>
    private static int[] Bytes(byte[] sent, int light)
    {
        var bits = sent.Skip(light * 9).Take(9).SelectMany(b => Enumerable.Range(0, 8).Select(i => (b >> (7 - i)) & 1)).ToArray();
        var decoded = bits.Chunk(3).Select(t => (t[0], t[1], t[2]) switch { (1, 0, 0) => 0, (1, 1, 0) => 1, _ => throw new FormatException("no bit of a WS2812B") }).ToArray();
        return [.. decoded.Chunk(8).Select(b => b.Aggregate(0, (sum, bit) => (sum << 1) | bit))];
    }
}
