using System.Device.I2c;

namespace Edge.Functions.Sensors.Parts;

/// <summary>
/// Checks the CRC behind every two bytes of a Sensirion part (polynomial 0x31, from 0xFF; SHT3x data sheet, 4.12). The binding
/// (4.2.0) goes on with an old number when it is wrong.
/// </summary>
internal sealed class ChecksumDevice(I2cDevice inner) : I2cDevice
{
    private const int Word = 3;

    public override I2cConnectionSettings ConnectionSettings => inner.ConnectionSettings;

    public override void Read(Span<byte> buffer)
    {
        inner.Read(buffer);
        for (int i = 0; i + Word <= buffer.Length; i += Word)
        {
            if (Crc(buffer.Slice(i, 2)) != buffer[i + 2])
            {
                throw new IOException("a wrong checksum");
            }
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Write(writeBuffer);
        Read(readBuffer);
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private static byte Crc(ReadOnlySpan<byte> bytes)
    {
        int crc = 0xFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? ((crc << 1) ^ 0x31) & 0xFF : crc << 1;
            }
        }

        return (byte)crc;
    }
}
