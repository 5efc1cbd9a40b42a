using System.Text;

namespace Edge.Tests.Fakes;

/// <summary>
/// An HD44780 as its six lines see it: a nibble is taken when E falls. Source: HD44780U data sheet, table 6 (instructions), figure 24
/// (initialization by instruction, 4 bits), figure 4 (addresses of two rows).
/// </summary>
internal sealed class LcdPanel
{
    private readonly byte[] _memory = [.. Enumerable.Repeat((byte)' ', 128)];
    private bool _isFourBits;
    private int _high = -1;
    private int _address;

    public bool IsOn { get; private set; }

    public bool IsTwoRows { get; private set; }

    public int CharactersWritten { get; private set; }

    /// <param name="rs">Data rather than an instruction.</param>
    /// <param name="nibble">D4 to D7 when E fell.</param>
    public void Take(bool rs, int nibble)
    {
        if (!_isFourBits)
        {
            // The lower four lines are not wired: an instruction of eight bits with zeros there.
            Do(rs, nibble << 4);
        }
        else if (_high < 0)
        {
            _high = nibble;
        }
        else
        {
            int value = (_high << 4) | nibble;
            _high = -1;
            Do(rs, value);
        }
    }

    /// <param name="row">0 to 3; the third row goes on after the first one's 20 characters.</param>
    public string Row(int row, int columns) => Encoding.Latin1.GetString(_memory, row switch { 0 => 0, 1 => 0x40, 2 => 20, _ => 0x54 }, columns);

    private void Do(bool rs, int value)
    {
        if (rs)
        {
            CharactersWritten++;
            _memory[_address & 127] = (byte)value;
            _address++;
        }
        else if ((value & 0x80) != 0)
        {
            _address = value & 0x7F;
        }
        else if ((value & 0x20) != 0)
        {
            _isFourBits = (value & 0x10) == 0;
            IsTwoRows = (value & 0x08) != 0;
        }
        else if ((value & 0x08) != 0)
        {
            IsOn = (value & 4) != 0;
        }
        else if (value == 1)
        {
            Array.Fill(_memory, (byte)' ');
            _address = 0;
        }
    }
}
