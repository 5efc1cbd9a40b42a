using System.Device.Spi;

namespace Edge.Tests.Fakes;

/// <summary>An SPI bus that remembers what was written.</summary>
internal sealed class RecordedSpi : SpiDevice
{
    public List<byte[]> Written { get; } = [];

    public bool IsBroken { get; set; }

    public override SpiConnectionSettings ConnectionSettings { get; } = new(0, 0);

    public override void Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (IsBroken)
        {
            throw new IOException("Error 5 performing SPI data transfer.");
        }

        Written.Add(buffer.ToArray());
    }

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();
}
