using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;

namespace Edge.Functions.Safety;

/// <summary>
/// A call that the gate allowed; the only thing a handler executes and a line's write accepts. Only <see cref="SafetyPolicy"/> makes
/// one: this class is abstract, and the one derived from it is private there.
/// </summary>
public abstract class PermittedCall : Permit
{
    private protected PermittedCall(BoundCall call) => Call = call;

    public BoundCall Call { get; }

    public override Errand Errand => Call.Errand;

    /// <summary>The devices that the call's actions move.</summary>
    public override bool Covers(string device) =>
        Call.Actions.Any(a => a is DeviceAction { Moves: true } action && action.Device.Name == device);
}
