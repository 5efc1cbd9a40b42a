using System.Device.I2c;

namespace Edge.Tests.Fakes;

/// <summary>A part of 256 registers on I2C: the first byte written is a register's number, which then counts up by itself.</summary>
/// <param name="width">Bytes of one register: 1, or 2 (high byte first) that do not count up.</param>
/// <param name="address">Bindings look at it.</param>
internal sealed class RegisterFile(int width = 1, int address = 0x76) : I2cDevice
{
    private readonly byte[] _bytes = new byte[256 * width];
    private int _pointer;

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, address);

    /// <summary>When set, transfers fail as a part does that does not acknowledge.</summary>
    public bool IsUnplugged { get; set; }

    /// <summary>Everything written, for parts that have no registers.</summary>
    public List<byte[]> Written { get; } = [];

    /// <summary>What a read gives whatever was written before; null reads registers.</summary>
    public byte[]? Always { get; set; }

    /// <summary>Registers that keep their value whatever is written: flags that the part sets by itself.</summary>
    public HashSet<int> Fixed { get; } = [];

    public byte this[int register] => _bytes[register * width];

    public RegisterFile Set(int register, params byte[] values)
    {
        values.CopyTo(_bytes, register * width);
        return this;
    }

    /// <summary>16 bits, low byte first, as Bosch's calibration is stored.</summary>
    public RegisterFile SetLittle(int register, params int[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Set(register + (2 * i), (byte)values[i], (byte)(values[i] >> 8));
        }

        return this;
    }

    public override void Read(Span<byte> buffer)
    {
        Answer();
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = Always is { } always ? always[i % always.Length] : _bytes[((_pointer * width) + i) % _bytes.Length];
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Answer();
        Written.Add(buffer.ToArray());
        _pointer = buffer[0];
        for (int i = 1; i < buffer.Length; i++)
        {
            if (Fixed.Contains(_pointer + i - 1))
            {
                continue;
            }

            _bytes[((_pointer * width) + i - 1) % _bytes.Length] = buffer[i];
        }
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Write(writeBuffer);
        Read(readBuffer);
    }

    private void Answer()
    {
        if (IsUnplugged)
        {
            throw new IOException("Error 121 performing I2C data transfer.");
        }
    }
}
