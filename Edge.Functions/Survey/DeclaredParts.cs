using Edge.Functions.Buses;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Sensors;
using Edge.Functions.Sensors.Parts;

namespace Edge.Functions.Survey;

/// <summary>Asks every declared sensor and expander once: one line for each that does not answer. Drives nothing.</summary>
public static class DeclaredParts
{
    public static IReadOnlyList<string> Missing(IReadOnlyList<DeviceDeclaration> devices, IReadOnlyList<Expander> expanders, string sysfsRoot, TimeSpan deadline, BusBoard buses, TimeProvider clock)
    {
        using var parts = new PartBoard(buses);
        var missing = new List<string>();
        foreach (var device in devices)
        {
            if (device.Wiring is Wiring.Measuring { Sensor: { Source: not SensorSource.Simulated } sensor })
            {
                Sensor source = sensor.Source is SensorSource.Part part ? new PartSensor(parts, part) : new SysfsSensor(sensor.Source, sysfsRoot);
                try
                {
                    new DeadlineReader(new ScaledSensor(source, sensor), deadline, clock).Read();
                }
                catch (HardwareFault e)
                {
                    missing.Add($"{device.Name}: {e.Message.TrimEnd('.')} ({device.Place}).");
                }
            }
        }

        foreach (var expander in expanders)
        {
            try
            {
                using var device = buses.Open(expander.Address);
                device.ReadByte();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                missing.Add($"{expander} does not answer ({e.Message.TrimEnd('.')}); check its wiring and address jumpers ({expander.Place}).");
            }
        }

        return missing;
    }
}
