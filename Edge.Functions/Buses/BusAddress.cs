using System.Globalization;
using Edge.Functions.Settings;

namespace Edge.Functions.Buses;

/// <summary>Where a part is on a bus.</summary>
/// <param name="Bus">As the kernel numbers it: 1 for the header's I2C (<c>/dev/i2c-1</c>), 0 for its SPI (<c>/dev/spidev0.N</c>).</param>
public abstract record BusAddress(int Bus)
{
    /// <param name="Address">7 bits: 0x08 to 0x77.</param>
    public sealed record I2c(int Bus, int Address) : BusAddress(Bus)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"I2C bus {Bus} address 0x{Address:x2}");
    }

    /// <param name="ChipSelect">0 or 1 on the header.</param>
    public sealed record Spi(int Bus, int ChipSelect) : BusAddress(Bus)
    {
        public int ClockHz { get; init; } = 1_000_000;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"SPI bus {Bus} chip select {ChipSelect}");
    }

    /// <summary>Reads <c>bus</c> and <c>address</c>.</summary>
    public static I2c ReadI2c(SettingsSection section, int addressDefault) =>
        new(section.Integer("bus", 1, 0, 63), section.Integer("address", addressDefault, 0x08, 0x77));

    /// <summary>Reads <c>bus</c> and <c>chipSelect</c>.</summary>
    public static Spi ReadSpi(SettingsSection section) => new(section.Integer("bus", 0, 0, 15), section.Integer("chipSelect", 0, 0, 7));
}
