using System.Device.I2c;
using System.Device.Spi;

namespace Edge.Functions.Buses;

/// <summary>Opens parts on the board's buses: the kernel's, or those of a simulation. Everything it opens answers within a deadline.</summary>
public sealed class BusBoard
{
    /// <summary>A transfer of some bytes takes milliseconds; the kernel itself gives up on a stuck bus after about a second.</summary>
    public static readonly TimeSpan DeadlineDefault = TimeSpan.FromMilliseconds(500);

    private readonly Func<BusAddress.I2c, I2cDevice> _i2c;
    private readonly Func<BusAddress.Spi, SpiDevice> _spi;
    private readonly TimeProvider _clock;

    /// <param name="i2c">Opens a part; its transfers may hang.</param>
    public BusBoard(Func<BusAddress.I2c, I2cDevice> i2c, Func<BusAddress.Spi, SpiDevice> spi, TimeProvider clock)
    {
        _i2c = i2c;
        _spi = spi;
        _clock = clock;
    }

    public static BusBoard Kernel(TimeProvider clock) => new(
        address => I2cDevice.Create(new I2cConnectionSettings(address.Bus, address.Address)),
        address => SpiDevice.Create(new SpiConnectionSettings(address.Bus, address.ChipSelect) { ClockFrequency = address.ClockHz }),
        clock);

    /// <summary>No bus at all: a simulated board whose devices simulate themselves.</summary>
    public static BusBoard None(TimeProvider clock) => new(
        address => throw new IOException($"there is no {address} on a simulated board"),
        address => throw new IOException($"there is no {address} on a simulated board"),
        clock);

    /// <param name="deadline">Of one transfer; null for <see cref="DeadlineDefault"/>.</param>
    /// <exception cref="IOException">The bus cannot be had.</exception>
    public I2cDevice Open(BusAddress.I2c address, TimeSpan? deadline = null) => new DeadlineI2cDevice(_i2c(address), deadline ?? DeadlineDefault, _clock);

    /// <summary>SPI is clocked by the board and cannot hang on a part.</summary>
    /// <exception cref="IOException">The bus cannot be had.</exception>
    public SpiDevice Open(BusAddress.Spi address) => _spi(address);
}
