using System.Device.I2c;
using Iot.Device.Ssd13xx;
using Iot.Device.Ssd13xx.Commands;
using Iot.Device.Ssd13xx.Commands.Ssd1306Commands;

namespace Edge.Functions.Displays;

/// <summary>
/// Text on an SSD1306 of 128 by 32 or 64 pixels. The binding (4.2.0) sets up 32 rows and draws only bitmaps of an image library that Edge
/// does not carry; its commands do the rest. Source: Solomon Systech SSD1306 data sheet, 9 (commands) and 10.1.3 (addressing).
/// </summary>
internal sealed class Ssd1306Display : TextDisplay
{
    private const int PageHeight = 8;

    private readonly Panel _panel;
    private readonly byte[][] _shown; // (pages) of (128); bit 0 is the topmost pixel

    public Ssd1306Display(I2cDevice device, int height)
    {
        _panel = new Panel(device, DisplayPort.Oled.Width, height);
        _shown = new byte[height / PageHeight][];
        if (height == 64)
        {
            _panel.SendCommand((ISsd1306Command)new SetDisplayOffset(0));
            _panel.SendCommand((ISharedCommand)new SetMultiplexRatio(63));
            _panel.SendCommand(new SetComPinsHardwareConfiguration(alternativeComPinConfiguration: true));
        }
    }

    /// <summary>Sends the pages that changed: a row of text is a page of 128 bytes.</summary>
    public override void Show(IReadOnlyList<string> rows, DrawingTime time)
    {
        for (int page = 0; page < _shown.Length; page++)
        {
            byte[] columns = new byte[DisplayPort.Oled.Width];
            Glyphs.Draw(page < rows.Count ? rows[page] : "", columns);
            if (_shown[page] is { } shown && shown.AsSpan().SequenceEqual(columns))
            {
                continue;
            }

            time.ThrowIfOver();
            _panel.SendCommand(new SetColumnAddress());
            _panel.SendCommand(new SetPageAddress((PageAddress)page, (PageAddress)page));
            _panel.SendData(columns);
            _shown[page] = columns;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _panel.Dispose();
    }

    private sealed class Panel(I2cDevice device, int width, int height) : Ssd1306(device, width, height)
    {
        /// <summary>The binding's own needs an image library; the first text sends every page.</summary>
        public override void ClearScreen()
        {
        }
    }
}
