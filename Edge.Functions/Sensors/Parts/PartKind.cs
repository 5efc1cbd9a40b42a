using System.Device.I2c;
using System.Device.Spi;

namespace Edge.Functions.Sensors.Parts;

/// <summary>A kind of sensor on a bus: what it is called, where it is unless told otherwise, what it measures, how it is opened.</summary>
/// <param name="Channels">Channel → what it measures (<see cref="Quantity"/>).</param>
/// <param name="Address">I2C; null for SPI.</param>
internal sealed record PartKind(string Name, int? Address, IReadOnlyList<(string Channel, string Quantity)> Channels)
{
    public Func<I2cDevice, PartOptions, OpenPart>? OnI2c { get; init; }

    public Func<SpiDevice, PartOptions, OpenPart>? OnSpi { get; init; }

    public static PartKind? Find(string name) => PartKinds.All.FirstOrDefault(k => k.Name == name);

    /// <summary>The channel for a quantity, where the part has just one for it.</summary>
    public string? ChannelFor(string quantity)
    {
        var fitting = Channels.Where(c => c.Quantity == quantity).Select(c => c.Channel).ToList();
        return fitting.Count == 1 ? fitting[0] : null;
    }
}

/// <summary>What depends on how a part is wired.</summary>
/// <param name="ShuntOhms">Of a current sensor.</param>
/// <param name="ReferenceVolts">Of an analogue converter without a reference of its own.</param>
public sealed record PartOptions(double ShuntOhms = 0.1, double ReferenceVolts = 3.3);
