using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Safety;

namespace Edge.Tests.Fakes;

/// <summary>Permits the only way there is: from the gate.</summary>
internal static class Permits
{
    /// <summary>A permit for a device of that name that may be switched.</summary>
    public static PermittedCall For(string device) => For(new DeviceAction.SwitchTo(Declarations.Switch(device), true));

    public static PermittedCall For(DeviceAction action) =>
        new SafetyPolicy().Check(BoundCall.Direct(action), DateTimeOffset.UnixEpoch, HouseState.Empty) is Verdict.Allowed allowed
            ? allowed.Call
            : throw new InvalidOperationException($"The gate does not allow {action}.");
}
