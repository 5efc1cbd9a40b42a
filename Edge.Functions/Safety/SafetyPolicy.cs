using Edge.Functions.Calls;
using Edge.Functions.Devices;

namespace Edge.Functions.Safety;

/// <summary>
/// The gate. Pure: the same call, moment and state give the same verdict. Whatever a call came through (model, hub, rule), nothing moves
/// without passing here, and what is not known here is denied.
/// </summary>
/// <param name="rules">Those of the house as a whole.</param>
/// <param name="devices">All of the house: a device's rules may speak of others.</param>
public sealed class SafetyPolicy(SafetyRules rules, IReadOnlyList<DeviceDeclaration> devices)
{
    public SafetyPolicy(int actionsMax = SafetyRules.ActionsMaxDefault)
        : this(SafetyRules.Default with { ActionsMax = actionsMax }, [])
    {
    }

    /// <param name="now">For limits over time.</param>
    /// <param name="state">How the house stands, as measured just now.</param>
    /// <param name="isConfirmed">Whoever had to be asked has said yes to this very call.</param>
    public Verdict Check(BoundCall call, DateTimeOffset now, HouseState state, bool isConfirmed = false)
    {
        if (call.Actions.Count > rules.ActionsMax)
        {
            return Deny("too-many", $"{call.Name} wants {call.Actions.Count} things done; at most {rules.ActionsMax} at a time.");
        }

        // Each action is judged as if those before it were done: two of a group, or a second change within a second, show here.
        var house = new HouseProjection(state, now);
        foreach (var action in call.Actions)
        {
            if (Objection(action, house) is { } denial)
            {
                return new Verdict.Denied(denial);
            }
        }

        // Asked last: nobody is bothered with what would be refused anyway.
        return !isConfirmed && Questions.Of(call) is { } question
            ? new Verdict.NeedsConfirmation(call, question.Text, question.IsPin)
            : new Verdict.Allowed(new Granted(call));
    }

    /// <summary>The names of the devices whose state decides about a call: to be measured just before it is judged.</summary>
    public IEnumerable<string> Concerned(BoundCall call)
    {
        var moved = call.Actions.OfType<DeviceAction>().Where(a => a.Moves).Select(a => a.Device).ToList();
        var locked = rules.Interlocks.Where(i => moved.Exists(i.Has)).SelectMany(i => i.Devices).Select(d => d.Name);
        var required = moved.SelectMany(d => d.Rules.Requires).Select(r => r.Device);
        var dependent = devices.Where(d => d.Rules.Requires.Any(r => moved.Exists(m => string.Equals(m.Name, r.Device, StringComparison.OrdinalIgnoreCase)))).Select(d => d.Name);
        return moved.Select(d => d.Name).Concat(locked).Concat(required).Concat(dependent).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static Verdict.Denied Deny(string code, string message) => new(new Denial(code, message));

    /// <summary>Why not; null for nothing against it.</summary>
    private Denial? Objection(HouseAction action, HouseProjection house)
    {
        switch (action)
        {
            case DeviceAction onDevice when ActionLimits.Objection(onDevice) is { } denial:
                return denial;
            case DeviceAction { Moves: true } move:
                var objection = Heat(move, house)
                    ?? InterlockRule.Objection(move, rules.Interlocks, house)
                    ?? RequirementRule.Objection(move, devices, house)
                    ?? Rate(move, house);
                house.Apply(move);
                return objection;
            case DeviceAction or PublishAction:
                return null;
            default:
                return new Denial("unknown-action", $"{action.GetType().Name} is nothing the gate knows; it is refused.");
        }
    }

    private static Denial? Heat(DeviceAction action, HouseProjection house) => house.IsTooHot && !ActionEffect.IsSafe(action)
        ? new Denial("too-hot", $"The board is too hot, so {action.Device.Name} stays safe; let it cool, or raise safety.temperatureMax.")
        : null;

    private static Denial? Rate(DeviceAction action, HouseProjection house) =>
        ActionEffect.IsSafe(action) ? null : RateLimit.Objection(action, house);

    /// <summary>The proof. Nobody else can name this class.</summary>
    private sealed class Granted(BoundCall call) : PermittedCall(call);
}
