using Edge.Functions.Devices;

namespace Edge.Functions.Safety;

/// <summary>How the house will stand after the actions of a call that were judged so far; it began as measured.</summary>
internal sealed class HouseProjection(HouseState measured, DateTimeOffset now)
{
    private readonly Dictionary<string, DeviceCondition> _after = new(StringComparer.OrdinalIgnoreCase);

    public DateTimeOffset Now { get; } = now;

    public bool IsTooHot => measured.IsTooHot;

    /// <summary>A device nobody measured stands unknown, since just now.</summary>
    public DeviceCondition Of(string device) =>
        _after.GetValueOrDefault(device) ?? measured.Devices.GetValueOrDefault(device) ?? new DeviceCondition(DeviceState.Unknown, Now);

    /// <summary>Takes an allowed action for done; what takes time leaves the state unknown.</summary>
    public void Apply(DeviceAction action)
    {
        var before = Of(action.Device.Name);
        if (!ActionEffect.IsNoChange(action, before.State))
        {
            var state = ActionEffect.After(action) ?? new DeviceState("moving");
            _after[action.Device.Name] = new DeviceCondition(state, Now, [.. before.MovedAt, Now]);
        }
    }
}
