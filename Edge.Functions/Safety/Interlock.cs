using Edge.Functions.Devices;

namespace Edge.Functions.Safety;

/// <summary>Devices of which at most one may be active, and a time for which the others must have rested before.</summary>
/// <param name="Devices">At least two.</param>
/// <param name="Place">Where it was declared.</param>
public sealed record Interlock(IReadOnlyList<DeviceDeclaration> Devices, TimeSpan Dwell, string Place)
{
    public bool Has(DeviceDeclaration device) => Devices.Any(d => d.Name == device.Name);
}
