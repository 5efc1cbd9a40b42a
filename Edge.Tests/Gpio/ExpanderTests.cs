using System.Device.Gpio;
using Edge.Functions;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Gpio;

/// <summary>Lines and PWM channels of parts on I2C, driven as the header's are.</summary>
public sealed class ExpanderTests : IDisposable
{
    private const string Yaml = """
        expanders:
          - {name: relays, kind: mcp23017, address: 0x21}
          - {name: leds, kind: pcf8574, address: 0x38}
          - {name: servos, kind: pca9685}
        devices:
          - {name: pump, kind: switch, line: {chip: relays, offset: 9}}
          - {name: lamp, kind: light, line: {chip: leds, offset: 3}, activeLow: true}
          - {name: arm, kind: servo, pwm: {chip: servos, channel: 2}}
          - {name: valve, kind: switch, line: {chip: relays, offset: 1}, activeLow: true, feedback: {line: {chip: relays, offset: 2}, within: 1s}}
          - {name: hatch, kind: contact, line: {chip: relays, offset: 4}, debounce: 0s}
        """;

    private readonly RegisterFile _mcp = new(address: 0x21);
    private readonly RegisterFile _pcf = new(address: 0x38);
    private readonly RegisterFile _pca = new(address: 0x40);
    private readonly SimulatedGpioDriver _lines = new();
    private readonly FakeTimeProvider _clock = new();

    public ExpanderTests()
    {
        // A PCF8574 has no registers: what is written is what is read.
        for (int i = 0; i < 256; i++)
        {
            _pcf.Set(i, (byte)i);
        }
    }

    public void Dispose()
    {
        _mcp.Dispose();
        _pcf.Dispose();
        _pca.Dispose();
        _lines.Dispose();
    }

    [Fact]
    public void A_line_of_an_MCP23017_is_written_and_read_back()
    {
        using var house = Open();
        Assert.Equal("Pump is on.", Do(house, "pump", d => new DeviceAction.SwitchTo(d, true)).Sentence);

        // Offset 9 is bit 1 of port B: IODIRB is 0x01, GPIOB 0x13 (data sheet, table 3-3).
        Assert.Equal((0, 2), (_mcp[0x01] & 2, _mcp[0x13] & 2));
        Do(house, "pump", d => new DeviceAction.SwitchTo(d, false));
        Assert.Equal(0, _mcp[0x13] & 2);
    }

    [Fact]
    public void A_line_of_a_PCF8574_is_active_low_where_the_owner_says_so()
    {
        using var house = Open();
        Assert.Equal("Lamp is on.", Do(house, "lamp", d => new DeviceAction.SwitchTo(d, true)).Sentence);
        Assert.Equal(0, _pcf.Written[^1][0] & 8);
        Do(house, "lamp", d => new DeviceAction.SwitchTo(d, false));
        Assert.Equal(8, _pcf.Written.Last(w => w.Length == 1)[0] & 8);
    }

    [Fact]
    public void A_relay_that_is_on_at_low_does_not_switch_while_its_expander_is_opened()
    {
        // The port as it stood before: lamp off is high.
        _pcf.Set(0, 0xFF);
        using var house = Open();
        Assert.All(_pcf.Written, w => Assert.Equal(8, w[^1] & 8));

        // Port A: the level (GPIOA 0x12, bit 1) before the line becomes an output (IODIRA 0x00).
        int level = _mcp.Written.FindIndex(w => w.Length == 2 && w[0] == 0x12 && (w[1] & 2) != 0);
        int output = _mcp.Written.FindIndex(w => w.Length == 2 && w[0] == 0x00 && (w[1] & 2) == 0);
        Assert.True(level >= 0 && level < output, $"{level} {output}");
    }

    [Fact]
    public void An_input_without_edge_events_is_looked_at_and_its_change_is_told()
    {
        using var house = Open();
        var told = new List<string>();
        house.StateChanged += (device, state) => told.Add($"{device.Name}: {state.Word}");
        _mcp.Set(0x12, (byte)(_mcp[0x12] ^ 0x10));
        Assert.Empty(told);
        _clock.Advance(InputLine.PollInterval);
        Assert.Equal(["hatch: open"], told);
        _mcp.IsUnplugged = true;
        _clock.Advance(InputLine.PollInterval);
        Assert.Equal(["hatch: open", "hatch: unknown"], told.Where(t => t.StartsWith("hatch", StringComparison.Ordinal)));
        _mcp.IsUnplugged = false;
        _clock.Advance(InputLine.PollInterval);
        Assert.Equal("hatch: open", told.Last(t => t.StartsWith("hatch", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_knob_on_an_expander_is_refused_since_looking_would_miss_its_clicks()
    {
        var settings = TestHouse.ReadSettings("expanders: [{name: relays, kind: mcp23017, address: 0x21}]\ndevices: [{name: knob, kind: rotary, a: {chip: relays, offset: 0}, b: {chip: relays, offset: 1}, bias: none}]");
        var buses = new FakeBuses(_clock) { I2c = { [0x21] = _mcp } };
        var board = GpioBoard.On(new GpioChip("simulated", new GpioController(_lines), _lines));
        var fault = Assert.Throws<HardwareFault>(() => House.Open(settings, Hardware.On(board, settings, _clock, buses.Board), _clock, NullLoggerFactory.Instance));
        Assert.StartsWith("Line 0 of relays gives no edge events", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_servo_on_a_PCA9685_has_its_pulse()
    {
        using var house = Open();

        // 12 bits of 20 ms are steps of 0.44 degrees.
        Do(house, "arm", d => new DeviceAction.TurnTo(d, 0));
        Assert.Equal(0, house.Registry.Find("arm")!.State.Value!.Value, 0.5);

        // 1500 of 20000 µs are 307 of 4096 counts; LED2_OFF is at 0x10 (data sheet, table 4).
        int off = _pca[0x10] | ((_pca[0x11] & 15) << 8);
        int on = _pca[0x0E] | ((_pca[0x0F] & 15) << 8);
        Assert.InRange(off - on, 306, 308);
    }

    [Fact]
    public void An_expander_that_does_not_answer_stops_the_start_and_the_others_are_safe()
    {
        _mcp.IsUnplugged = true;
        var fault = Assert.Throws<HardwareFault>(Open);
        Assert.StartsWith("relays (mcp23017 on I2C bus 1 address 0x21) does not answer (", fault.Message, StringComparison.Ordinal);
        Assert.Equal(8, _pcf.Written[^1][0] & 8);
    }

    [Fact]
    public void An_expander_unplugged_later_is_a_failed_result()
    {
        using var house = Open();
        _mcp.IsUnplugged = true;
        Assert.StartsWith("Pump did not follow: Line 9 of relays cannot be", Assert.IsType<FunctionResult.Failed>(Do(house, "pump", d => new DeviceAction.SwitchTo(d, true))).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expanders: [{name: a, kind: mcp23017}, {name: a, kind: pcf8574, address: 0x38}]", "expanders[1].name is a, as another expander; names are unique, choose another (edge.yaml, line 1).")]
    [InlineData("expanders: [{name: a, kind: mcp23017}, {name: b, kind: pcf8574}]", "expanders[1].address is where a is already (edge.yaml, line 1); choose another (edge.yaml, line 1).")]
    [InlineData("expanders: [{name: a, kind: mcp23016}]", "expanders[0].kind is \"mcp23016\"; use one of mcp23017, pcf8574, pca9685, perhaps mcp23017 (edge.yaml, line 1).")]
    public void A_wrong_expander_is_one_line(string yaml, string fault) => Assert.Contains(fault, TestHouse.FaultsOf(yaml));

    private House Open()
    {
        var settings = TestHouse.ReadSettings(Yaml);
        var buses = new FakeBuses(_clock) { I2c = { [0x21] = _mcp, [0x38] = _pcf, [0x40] = _pca } };
        var board = GpioBoard.On(new GpioChip("simulated", new GpioController(_lines), _lines));
        return House.Open(settings, Hardware.On(board, settings, _clock, buses.Board), _clock, NullLoggerFactory.Instance);
    }

    private static FunctionResult Do(House house, string device, Func<DeviceDeclaration, DeviceAction> action) =>
        house.Dispatcher.Invoke(action(house.Registry.Find(device)!.Declaration), TestContext.Current.CancellationToken);
}
