using System.Device.Gpio;
using System.Device.I2c;
using Edge.Functions;
using Edge.Functions.Buses;
using Edge.Functions.Displays;
using Edge.Functions.Gpio;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Displays;

/// <summary>Text on displays, seen from the bus and from the lines.</summary>
public sealed class DisplayTests
{
    // A clock that stands still: how long this machine takes is not what is tested here.
    private static DrawingTime Time => new(DisplayWriter.Deadline, new FakeTimeProvider());

    [Fact]
    public void A_letter_on_an_SSD1306_stands_where_its_row_is()
    {
        var panel = new OledPanel();
        using var display = Open("{name: d, kind: ssd1306}", panel);
        display.Show(["", "AI"], Time);

        // "A" of the bindings' 5 by 8 font is 7E 11 11 11 7E, "I" 00 41 7F 41 00; bit 0 is on top.
        Assert.Equal([0x7E, 0x11, 0x11, 0x11, 0x7E, 0, 0, 0x41, 0x7F, 0x41, 0, 0], panel.Page(1)[..12]);
        Assert.All(panel.Page(0), column => Assert.Equal(0, column));
    }

    /// <summary>SSD1306 data sheet: charge pump (application note), multiplex ratio 10.1.11, COM pins 10.1.18.</summary>
    [Theory]
    [InlineData(64, 63, 0x12)]
    [InlineData(32, 31, 0x02)]
    public void An_SSD1306_is_set_up_for_its_height(int height, int ratio, int comPins)
    {
        var panel = new OledPanel();
        using var display = Open($"{{name: d, kind: ssd1306, height: {height}}}", panel);
        display.Show(["x"], Time);
        Assert.Equal((true, true, ratio, comPins), (panel.IsOn, panel.HasChargePump, panel.MultiplexRatio, panel.ComPins));
    }

    [Fact]
    public void Only_the_rows_that_changed_go_over_the_bus()
    {
        var panel = new OledPanel();
        using var display = Open("{name: d, kind: ssd1306}", panel);
        display.Show(["one", "two"], Time);
        int first = panel.DataBytes;
        display.Show(["one", "three"], Time);
        Assert.Equal((8 * 128, 128), (first, panel.DataBytes - first));
    }

    [Fact]
    public void Accents_go_and_what_the_font_lacks_is_a_question_mark() =>
        Assert.Equal("Kuche 21 °C ? !", Glyphs.Plain("Küche 21 °C 灯 !"));

    [Fact]
    public void Text_on_an_HD44780_behind_a_PCF8574_is_read_back_from_its_memory()
    {
        var lcd = new LcdPanel();
        using var backpack = new Backpack(lcd);
        using var display = Open("{name: d, kind: hd44780, columns: 16, rows: 2}", backpack);
        display.Show(["Kitchen light is", "on."], Time);
        Assert.Equal(("Kitchen light is", "on.             "), (lcd.Row(0, 16), lcd.Row(1, 16)));
        Assert.Equal((true, true, true), (lcd.IsOn, lcd.IsTwoRows, backpack.HasLight));
    }

    [Fact]
    public void Four_rows_stand_in_their_order()
    {
        var lcd = new LcdPanel();
        using var backpack = new Backpack(lcd);
        using var display = Open("{name: d, kind: hd44780, columns: 20, rows: 4}", backpack);
        display.Show(["one", "two", "three", "four"], Time);
        Assert.Equal(["one", "two", "three", "four"], Enumerable.Range(0, 4).Select(r => lcd.Row(r, 20).TrimEnd()));
    }

    /// <summary>HD44780U data sheet, table 4 (ROM A00): the degree sign is 0xDF, ü 0xF5.</summary>
    [Fact]
    public void Characters_of_the_ROM_have_their_codes()
    {
        var lcd = new LcdPanel();
        using var backpack = new Backpack(lcd);
        using var display = Open("{name: d, kind: hd44780}", backpack);
        display.Show(["ü 21 °C 灯"], Time);
        Assert.Equal("\u00F5 21 \u00DFC ?", lcd.Row(0, 16).TrimEnd());
    }

    [Fact]
    public void Text_on_an_HD44780_on_lines_is_read_back_from_its_memory()
    {
        var lcd = new LcdPanel();
        using var lines = new SimulatedGpioDriver();
        lines.LevelChanged += (line, high) =>
        {
            if (line == 24 && !high)
            {
                lcd.Take(lines.IsHigh(25), Enumerable.Range(0, 4).Sum(i => lines.IsHigh(new[] { 23, 17, 18, 22 }[i]) ? 1 << i : 0));
            }
        };
        using var gpio = GpioBoard.On(new GpioChip("simulated", new GpioController(lines), lines));
        var declaration = TestHouse.ReadSettings("displays: [{name: d, kind: hd44780, rs: 25, enable: 24, data: [23, 17, 18, 22]}]").Displays[0];
        var board = new DisplayBoard(gpio, new FakeBuses(new FakeTimeProvider()).Board);
        using (var display = board.Open(declaration))
        {
            display.Show(["Hello"], Time);
            Assert.Equal("Hello", lcd.Row(0, 16).TrimEnd());
            Assert.Throws<HardwareFault>(() => gpio.Default.OpenOutput(25, "somebody else"));
        }

        gpio.Default.OpenOutput(25, "somebody else").Dispose();
    }

    [Theory]
    [InlineData("{name: d, kind: ssd1307}", "displays[0].kind is \"ssd1307\"; use one of ssd1306, hd44780, perhaps ssd1306 (edge.yaml, line 1).")]
    [InlineData("{name: d, kind: hd44780, rs: 1, enable: 2, data: [3, 4]}", "displays[0].data has 2 lines; give the four that D4 to D7 are wired to (edge.yaml, line 1).")]
    [InlineData("{name: d, kind: hd44780, rs: 1, enable: 1, data: [3, 4, 5, 6]}", "displays[0] names a line twice; each pin of the display has one of its own (edge.yaml, line 1).")]
    [InlineData("{name: d, kind: ssd1306}, {name: e, kind: ssd1306}", "displays[1] is wired to what d has already (edge.yaml, line 1); choose another (edge.yaml, line 1).")]
    [InlineData("{name: d, kind: hd44780, columns: 40, rows: 4}", "displays[0].columns is 40, and a display of 4 rows has at most 20; give both as they are printed on it (edge.yaml, line 1).")]
    public void A_wrong_display_is_one_line(string display, string fault) => Assert.Contains(fault, TestHouse.FaultsOf($"displays: [{display}]"));

    [Fact]
    public void What_something_else_uses_or_nobody_declared_is_one_line()
    {
        var faults = TestHouse.FaultsOf("""
            devices:
              - {name: lamp, kind: light, line: 25}
              - {name: air, kind: sensor, quantity: temperature, part: {kind: bme280}}
            displays:
              - {name: door, kind: hd44780, rs: 25, enable: 24, data: [23, 17, 18, 22]}
              - {name: hall, kind: ssd1306, address: 0x76, shows: [lomp]}
            """);
        Assert.Contains("door uses line 25, which is taken by lamp (edge.yaml, line 2); choose another (edge.yaml, line 5).", faults);
        Assert.Contains("hall uses I2C bus 1 address 0x76, which is taken by air (edge.yaml, line 3); choose another (edge.yaml, line 6).", faults);
        Assert.Contains("hall shows lomp, which is no device; did you mean lamp? (edge.yaml, line 6).", faults);
    }

    private static TextDisplay Open(string display, I2cDevice part)
    {
        var declaration = TestHouse.ReadSettings($"displays: [{display}]").Displays[0];
        var buses = new FakeBuses(new FakeTimeProvider()) { I2c = { [part.ConnectionSettings.DeviceAddress] = part } };
        return new DisplayBoard(GpioBoard.On(GpioChip.Simulated()), buses.Board).Open(declaration);
    }

    /// <summary>The PCF8574 in front of a display: P0 RS, P1 RW, P2 E, P3 light, P4 to P7 data.</summary>
    private sealed class Backpack(LcdPanel lcd) : I2cDevice
    {
        private byte _port = 0xFF;

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x27);

        public bool HasLight => (_port & 8) != 0;

        public override void Read(Span<byte> buffer) => buffer.Fill(_port);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            foreach (byte b in buffer)
            {
                bool fell = (_port & 4) != 0 && (b & 4) == 0;
                if (fell && (_port & 2) == 0)
                {
                    lcd.Take((_port & 1) != 0, _port >> 4);
                }

                _port = b;
            }
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();
    }
}
