using Edge.Functions.Calls;
using Edge.Functions.Devices;

namespace Edge.Functions.Safety;

/// <summary>Never two of a group together, and rest between one and the next.</summary>
internal static class InterlockRule
{
    public static Denial? Objection(DeviceAction action, IReadOnlyList<Interlock> interlocks, HouseProjection house)
    {
        if (!ActionEffect.Activates(action))
        {
            return null;
        }

        var blocks = from interlock in interlocks
                     where interlock.Has(action.Device)
                     from other in interlock.Devices
                     where other.Name != action.Device.Name
                     select Blocks(other, action.Device.Name, interlock, house);
        return blocks.FirstOrDefault(denial => denial is not null);
    }

    private static Denial? Blocks(DeviceDeclaration other, string wanted, Interlock interlock, HouseProjection house)
    {
        var condition = house.Of(other.Name);
        if (ActionEffect.IsActive(other, condition.State))
        {
            return new Denial("interlocked", $"{wanted} and {other.Name} are never on together, and {other.Name} is {condition.State.Word}; turn it off first ({interlock.Place}).");
        }

        var wait = condition.ChangedAt + interlock.Dwell - house.Now;
        return wait <= TimeSpan.Zero
            ? null
            : new Denial("dwell", $"{wanted} may start in {Math.Ceiling(wait.TotalMilliseconds)} ms, as {other.Name} has only just stopped ({interlock.Place}).");
    }
}
