namespace Edge.Functions.Devices;

/// <summary>Several devices under one name.</summary>
public sealed record DeviceGroup(string Name, IReadOnlyList<DeviceDeclaration> Members);

/// <summary>
/// The groups people speak of: "all lights", "kitchen lights". A group needs two members; one that would take a device's name, or be
/// the same as a wider group, is left out, as every name costs tokens.
/// </summary>
public static class DeviceGroups
{
    private static readonly (DeviceKind[] Kinds, string Plural)[] Families =
    [
        ([DeviceKind.Light, DeviceKind.Dimmer, DeviceKind.Strip], "lights"),
        ([DeviceKind.Fan], "fans"),
        ([DeviceKind.Switch], "switches"),
        ([DeviceKind.Cover], "covers"),
        ([DeviceKind.Lock], "locks"),
    ];

    public static IReadOnlyList<DeviceGroup> Of(IReadOnlyList<DeviceDeclaration> devices)
    {
        var groups = new List<DeviceGroup>();
        foreach (var (kinds, plural) in Families)
        {
            var family = devices.Where(d => kinds.Contains(d.Kind)).ToList();
            Add(groups, devices, "all " + plural, family);
            foreach (var room in family.Where(d => d.Room is not null).GroupBy(d => d.Room!, StringComparer.OrdinalIgnoreCase))
            {
                if (room.Count() < family.Count)
                {
                    Add(groups, devices, $"{room.Key} {plural}", [.. room]);
                }
            }
        }

        return groups;
    }

    private static void Add(List<DeviceGroup> groups, IReadOnlyList<DeviceDeclaration> devices, string name, List<DeviceDeclaration> members)
    {
        if (members.Count >= 2 && !devices.Any(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            groups.Add(new DeviceGroup(name, members));
        }
    }
}
