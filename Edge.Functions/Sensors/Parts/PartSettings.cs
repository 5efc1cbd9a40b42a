using Edge.Functions.Buses;
using Edge.Functions.Settings;

namespace Edge.Functions.Sensors.Parts;

/// <summary>Reads <c>part: {kind: bme280, bus: 1, address: 0x76, channel: humidity}</c>; the channel follows from the quantity where it can.</summary>
internal static class PartSettings
{
    public static SensorSource? Read(SettingsSection section, Quantity quantity)
    {
        string[] names = [.. PartKinds.All.Select(k => k.Name)];
        section.RequiredText("kind", $"use one of {string.Join(", ", names)}");
        if (PartKind.Find(section.Choice("kind", "", names)) is not { } kind)
        {
            // Which keys belong here is not known without the kind.
            return null;
        }

        BusAddress address = kind.Address is { } usual ? BusAddress.ReadI2c(section, usual) : BusAddress.ReadSpi(section);
        string[] channels = [.. kind.Channels.Select(c => c.Channel)];
        string? channel = kind.ChannelFor(quantity.Name);
        if (channel is null && !section.Has("channel"))
        {
            section.Fault("channel", $"is missing; a {kind.Name} has {string.Join(", ", channels)}");
        }

        channel = section.Choice("channel", channel ?? channels[0], channels);
        var usualOptions = new PartOptions();
        var options = new PartOptions(
            kind.Name == "ina219" ? section.Number("shuntOhms", usualOptions.ShuntOhms, 0.0001, 100) : usualOptions.ShuntOhms,
            kind.Name == "mcp3008" ? section.Number("referenceVolts", usualOptions.ReferenceVolts, 0.1, 10) : usualOptions.ReferenceVolts);
        section.Done();
        return new SensorSource.Part(kind.Name, address, channel, options);
    }
}
