using System.Device.I2c;

namespace Edge.Tests.Fakes;

/// <summary>
/// An SSD1306 as its bus sees it: control byte, commands, and a memory of 8 pages of 128 columns in horizontal addressing.
/// Source: SSD1306 data sheet, 8.1.5.2 (control byte), 9 (command table), 10.1.3 to 10.1.5 (addressing).
/// </summary>
internal sealed class OledPanel(int address = 0x3C) : I2cDevice
{
    private readonly byte[,] _memory = new byte[8, 128];
    private (int First, int Last) _columns = (0, 127);
    private (int First, int Last) _pages = (0, 7);
    private int _column;
    private int _page;

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, address);

    public bool IsOn { get; private set; }

    public bool HasChargePump { get; private set; }

    public int MultiplexRatio { get; private set; } = 63;

    public int ComPins { get; private set; } = 0x12;

    public bool IsUnplugged { get; set; }

    public int DataBytes { get; private set; }

    public Action? BeforeWrite { get; set; }

    /// <summary>Bit 0 is the topmost pixel.</summary>
    public byte[] Page(int page) => [.. Enumerable.Range(0, 128).Select(x => _memory[page, x])];

    public override void Read(Span<byte> buffer) => buffer.Fill(IsUnplugged ? throw new IOException("Error 121 performing I2C data transfer.") : (byte)0);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        BeforeWrite?.Invoke();
        if (IsUnplugged)
        {
            throw new IOException("Error 121 performing I2C data transfer.");
        }

        if (buffer[0] == 0x40)
        {
            foreach (byte b in buffer[1..])
            {
                Store(b);
            }
        }
        else
        {
            Obey(buffer[1..]);
        }
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();

    private void Store(byte b)
    {
        DataBytes++;
        _memory[_page, _column] = b;
        if (++_column > _columns.Last)
        {
            _column = _columns.First;
            _page = _page == _pages.Last ? _pages.First : _page + 1;
        }
    }

    private void Obey(ReadOnlySpan<byte> command)
    {
        switch (command[0])
        {
            case 0xAE or 0xAF:
                IsOn = command[0] == 0xAF;
                break;
            case 0x8D:
                HasChargePump = (command[1] & 4) != 0;
                break;
            case 0xA8:
                MultiplexRatio = command[1];
                break;
            case 0xDA:
                ComPins = command[1];
                break;
            case 0x20:
                if (command[1] != 0)
                {
                    throw new NotSupportedException("Only horizontal addressing is simulated.");
                }

                break;
            case 0x21:
                _columns = (command[1], command[2]);
                _column = command[1];
                break;
            case 0x22:
                _pages = (command[1], command[2]);
                _page = command[1];
                break;
        }
    }
}
