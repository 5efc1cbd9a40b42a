namespace Edge.Functions.Devices;

/// <summary>How a device stands, and since when.</summary>
public sealed record DeviceCondition(DeviceState State, DateTimeOffset ChangedAt);

/// <summary>How the house stands at one moment, for decisions that must be pure.</summary>
public sealed record HouseState(IReadOnlyDictionary<string, DeviceCondition> Devices)
{
    public static readonly HouseState Empty = new(new Dictionary<string, DeviceCondition>());
}
