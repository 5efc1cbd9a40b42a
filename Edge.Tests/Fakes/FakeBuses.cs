using System.Device.I2c;
using System.Device.Spi;
using Edge.Functions.Buses;

namespace Edge.Tests.Fakes;

/// <summary>Buses with the parts a test puts there.</summary>
internal sealed class FakeBuses(TimeProvider clock)
{
    public Dictionary<int, I2cDevice> I2c { get; } = [];

    public SpiDevice? Spi { get; set; }

    public int Opened { get; private set; }

    public BusBoard Board => new(
        address =>
        {
            Opened++;
            return I2c.TryGetValue(address.Address, out var part) ? part : throw new IOException("Error 2. Can not open I2C device file '/dev/i2c-1'.");
        },
        _ => Spi ?? throw new IOException("Can not open SPI device file."),
        clock);
}
