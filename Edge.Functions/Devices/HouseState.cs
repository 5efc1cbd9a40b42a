namespace Edge.Functions.Devices;

/// <summary>How a device stands, since when, and when it was moved during the last minute.</summary>
/// <param name="MovedAt">Oldest first; what was commanded, not what timers did.</param>
public sealed record DeviceCondition(DeviceState State, DateTimeOffset ChangedAt, IReadOnlyList<DateTimeOffset> MovedAt)
{
    public DeviceCondition(DeviceState state, DateTimeOffset changedAt)
        : this(state, changedAt, [])
    {
    }
}

/// <summary>How the house stands at one moment, for decisions that must be pure.</summary>
/// <param name="Devices">By name, without regard to case.</param>
/// <param name="IsTooHot">The board is; nothing may leave its safe value.</param>
public sealed record HouseState(IReadOnlyDictionary<string, DeviceCondition> Devices, bool IsTooHot = false)
{
    public static readonly HouseState Empty = new(new Dictionary<string, DeviceCondition>(StringComparer.OrdinalIgnoreCase));
}
