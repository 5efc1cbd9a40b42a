using System.Device.Gpio;
using System.Drawing;
using System.Globalization;
using Iot.Device.CharacterLcd;
using Iot.Device.Graphics;

namespace Edge.Functions.Displays;

/// <summary>
/// Text on an HD44780 through the binding, by its lines: those of the header, or those of a PCF8574 backpack. Its characters are those of
/// ROM A00, the usual one; others become "?". Source: Hitachi HD44780U data sheet, table 4 and figure 24.
/// </summary>
internal sealed class Hd44780Display : TextDisplay
{
    private static readonly LcdCharacterEncoding RomA00 = new LcdCharacterEncodingFactory().Create(CultureInfo.InvariantCulture, "A00", '?', 0);

    private readonly Hd44780 _lcd;
    private readonly LcdInterface _lines;
    private readonly Action _release;
    private readonly int _columns;
    private readonly string?[] _shown;

    /// <param name="release">Gives the lines back.</param>
    public Hd44780Display(GpioController controller, int rs, int enable, int[] data, int readWrite, int backlight, int columns, int rows, Action release)
    {
        _columns = columns;
        _release = release;
        _shown = new string?[rows];
        _lines = LcdInterface.CreateGpio(rs, enable, data, backlight, 1, readWrite, controller, shouldDispose: false);
        _lcd = new Hd44780(new Size(columns, rows), _lines);
    }

    /// <summary>Writes the rows that changed.</summary>
    public override void Show(IReadOnlyList<string> rows, DrawingTime time)
    {
        for (int row = 0; row < _shown.Length; row++)
        {
            string text = (row < rows.Count ? rows[row] : "").PadRight(_columns);
            if (_shown[row] == text)
            {
                continue;
            }

            time.ThrowIfOver();
            _lcd.SetCursorPosition(0, row);
            _lcd.Write(Array.ConvertAll(RomA00.GetBytes(text), b => (char)b));
            _shown[row] = text;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _lines.Dispose();
        _release();
    }
}
