using System.Device.Gpio;
using Edge.Functions.Buses;
using Edge.Functions.Gpio;
using Iot.Device.Pcx857x;

namespace Edge.Functions.Displays;

/// <summary>Opens displays: on the board's buses and lines, or in memory where those are simulated.</summary>
/// <param name="buses">Null where they are simulated.</param>
public sealed class DisplayBoard(GpioBoard gpio, BusBoard? buses)
{
    // Wiring of the backpacks as they are sold.
    private const int Rs = 0, ReadWrite = 1, Enable = 2, Backlight = 3;
    private static readonly int[] Data = [4, 5, 6, 7];

    /// <exception cref="IOException">It does not answer.</exception>
    public TextDisplay Open(DisplayDeclaration display) => display.Port switch
    {
        DisplayPort.Lines lines => OnLines(display, lines),
        _ when buses is null => new SimulatedDisplay(),
        DisplayPort.Oled oled => OnOled(oled, buses),
        DisplayPort.Backpack backpack => OnBackpack(display, backpack, buses),
        _ => throw new InvalidOperationException($"{display} has an unknown wiring."),
    };

    private static Ssd1306Display OnOled(DisplayPort.Oled oled, BusBoard buses)
    {
        var device = buses.Open(oled.Address);
        try
        {
            return new Ssd1306Display(device, oled.Height);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    private static Hd44780Display OnBackpack(DisplayDeclaration display, DisplayPort.Backpack backpack, BusBoard buses)
    {
        var lines = new GpioController(new Pcf8574(buses.Open(backpack.Address)));
        try
        {
            return new Hd44780Display(lines, Rs, Enable, Data, ReadWrite, Backlight, display.Columns, display.Rows, lines.Dispose);
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }

    private TextDisplay OnLines(DisplayDeclaration display, DisplayPort.Lines lines)
    {
        if (gpio.IsSimulated && buses is null)
        {
            return new SimulatedDisplay();
        }

        var chip = gpio.Chip(lines.Chip);
        var controller = chip.Lend(lines.Offsets, display.Name);
        try
        {
            return new Hd44780Display(
                controller, lines.Rs, lines.Enable, [.. lines.Data], -1, lines.Backlight ?? -1, display.Columns, display.Rows, () => chip.TakeBack(lines.Offsets));
        }
        catch
        {
            chip.TakeBack(lines.Offsets);
            throw;
        }
    }
}
