using Edge.Functions.Devices;
using Edge.Functions.Settings;

namespace Edge.Functions.Safety;

/// <summary>Requirements must name devices that have a state, and must not go round in a circle: nothing in it could ever move.</summary>
internal static class RequirementCheck
{
    public static void Faults(IReadOnlyList<DeviceDeclaration> devices, SettingsFaults faults)
    {
        foreach (var device in devices)
        {
            foreach (var requirement in device.Rules.Requires)
            {
                if (Find(devices, requirement.Device) is not { } required || !required.Can(DeviceSkills.State))
                {
                    string? nearest = NearestName.Find(requirement.Device, devices.Where(d => d.Can(DeviceSkills.State)).Select(d => d.Name));
                    faults.Add($"{device.Name} requires {requirement.Device}, which is no device with a state; {(nearest is null ? "declare it under devices" : $"did you mean {nearest}?")} ({device.Place}).");
                }
                else if (Reaches(devices, required, device, devices.Count))
                {
                    faults.Add($"{device.Name} requires {required.Name}, which in turn requires {device.Name}; leave one of the two out ({device.Place}).");
                }
            }
        }
    }

    // Stryker disable once Equality : one step more than there are devices finds no other circle.
    private static bool Reaches(IReadOnlyList<DeviceDeclaration> devices, DeviceDeclaration from, DeviceDeclaration to, int depth) =>
        from == to || (depth > 0 && from.Rules.Requires.Any(r => Find(devices, r.Device) is { } next && Reaches(devices, next, to, depth - 1)));

    private static DeviceDeclaration? Find(IReadOnlyList<DeviceDeclaration> devices, string name) =>
        devices.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase));
}
