using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Edge.Functions.Settings;

namespace Edge.Functions;

/// <summary>Finds what is wired to two things of different chapters of edge.yaml: a display on a device's line, or at a sensor's address.</summary>
internal static class SharedParts
{
    public static void Check(HouseSettings house, SettingsSection root)
    {
        var owners = new Dictionary<string, (string Name, string Place)>(StringComparer.OrdinalIgnoreCase);
        foreach (var device in house.Devices)
        {
            foreach (string part in device.Wiring.Parts.Concat(Address(device)))
            {
                owners.TryAdd(part, (device.Name, device.Place));
            }
        }

        foreach (var device in house.Devices)
        {
            if (device.Wiring is Wiring.Measuring { Sensor.Source: Sensors.SensorSource.Part { Address: Buses.BusAddress.Spi spi } }
                && owners.TryGetValue(FormattableString.Invariant($"SPI bus {spi.Bus}"), out var strip))
            {
                root.Itself.Faults.Add($"{device.Name} uses SPI bus {spi.Bus}, which is taken by {strip.Name} ({strip.Place}): a strip has no chip select and would take its data for colours; use another bus ({device.Place}).");
            }
        }

        foreach (var expander in house.Expanders)
        {
            owners.TryAdd(expander.Address.ToString(), (expander.Name, expander.Place));
        }

        foreach (var display in house.Displays)
        {
            foreach (string part in display.Port.Parts)
            {
                if (owners.TryGetValue(part, out var owner))
                {
                    root.Itself.Faults.Add($"{display.Name} uses {part}, which is taken by {owner.Name} ({owner.Place}); choose another ({display.Place}).");
                }
            }

            foreach (string shown in display.Shows.Where(s => !house.Devices.Any(d => string.Equals(d.Name, s, StringComparison.OrdinalIgnoreCase))))
            {
                string? nearest = NearestName.Find(shown, house.Devices.Select(d => d.Name));
                root.Itself.Faults.Add($"{display.Name} shows {shown}, which is no device; {(nearest is null ? "declare it under devices" : $"did you mean {nearest}?")} ({display.Place}).");
            }
        }
    }

    private static string[] Address(DeviceDeclaration device) =>
        device.Wiring is Wiring.Measuring { Sensor.Source: Sensors.SensorSource.Part part } ? [part.Address.ToString()] : [];
}
