using Edge.Functions.Buses;
using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Edge.Functions.Gpio;
using Edge.Functions.Sensors;
using Edge.Functions.Sensors.Parts;

namespace Edge.Functions.Survey;

/// <summary>Asks every declared sensor, expander and display once: one line for each that does not answer. Drives nothing.</summary>
public static class DeclaredParts
{
    public static IReadOnlyList<string> Missing(IReadOnlyList<DeviceDeclaration> devices, IReadOnlyList<Expander> expanders, IReadOnlyList<DisplayDeclaration> displays, string sysfsRoot, TimeSpan deadline, BusBoard buses, TimeProvider clock)
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
            if (Fault(expander.Address, buses) is { } fault)
            {
                missing.Add($"{expander} does not answer ({fault}); check its wiring and address jumpers ({expander.Place}).");
            }
        }

        foreach (var display in displays)
        {
            if (AddressOf(display.Port) is { } address && Fault(address, buses) is { } fault)
            {
                missing.Add($"{display} does not answer ({fault}); check its wiring, some are at another address ({display.Place}).");
            }
        }

        return missing;
    }

    internal static BusAddress.I2c? AddressOf(DisplayPort port) => port switch
    {
        DisplayPort.Oled oled => oled.Address,
        DisplayPort.Backpack backpack => backpack.Address,
        _ => null,
    };

    private static string? Fault(BusAddress.I2c address, BusBoard buses)
    {
        try
        {
            using var device = buses.Open(address);
            device.ReadByte();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return e.Message.TrimEnd('.');
        }
    }
}
