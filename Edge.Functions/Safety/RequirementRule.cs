using Edge.Functions.Calls;
using Edge.Functions.Devices;

namespace Edge.Functions.Safety;

/// <summary>
/// A pump runs only while its valve is measured open; and the valve does not close under a running pump. The devices of a house in
/// their order, since who requires a device is not written beside it.
/// </summary>
internal static class RequirementRule
{
    public static Denial? Objection(DeviceAction action, IReadOnlyList<DeviceDeclaration> devices, HouseProjection house)
    {
        if (!ActionEffect.IsSafe(action))
        {
            foreach (var requirement in action.Device.Rules.Requires)
            {
                string word = house.Of(requirement.Device).State.Word;
                if (word != requirement.State)
                {
                    return new Denial("requires", $"{action.Device.Name} needs {requirement.Device} to be {requirement.State}, and it is {word}; see to that first ({action.Device.Place}).");
                }
            }
        }

        return devices.Select(dependent => Leaves(dependent, action, house)).FirstOrDefault(denial => denial is not null);
    }

    private static Denial? Leaves(DeviceDeclaration dependent, DeviceAction action, HouseProjection house)
    {
        var broken = dependent.Rules.Requires.FirstOrDefault(r =>
            string.Equals(r.Device, action.Device.Name, StringComparison.OrdinalIgnoreCase) && ActionEffect.After(action)?.Word != r.State);
        return broken is not null && ActionEffect.IsActive(dependent, house.Of(dependent.Name).State)
            ? new Denial("required", $"{dependent.Name} is {house.Of(dependent.Name).State.Word} and needs {action.Device.Name} to be {broken.State}; turn {dependent.Name} off first ({dependent.Place}).")
            : null;
    }
}
