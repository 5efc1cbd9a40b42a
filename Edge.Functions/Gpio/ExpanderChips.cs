using System.Device.Gpio;
using Edge.Functions.Buses;
using Iot.Device.Mcp23xxx;
using Iot.Device.Pcx857x;

namespace Edge.Functions.Gpio;

/// <summary>Line expanders on a bus, each a chip of its own: its lines are opened, written and read back as the header's are.</summary>
internal static class ExpanderChips
{
    /// <exception cref="HardwareFault">The part does not answer.</exception>
    public static GpioChip Open(Expander expander, BusBoard buses)
    {
        try
        {
            var device = buses.Open(expander.Address);
            GpioDriver driver = expander.Kind == ExpanderKind.Mcp23017
                ? new Mcp23017(device, shouldDispose: false)
                : new ReadablePcf8574(device);
            return new GpioChip(expander.Name, new GpioController(driver));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException or ArgumentException)
        {
            throw new HardwareFault($"{expander} does not answer ({e.Message.TrimEnd('.')}); check its wiring and address jumpers ({expander.Place}).", e);
        }
    }

    /// <summary>The part's outputs can be read, which the binding (4.2.0) refuses; read-back needs it.</summary>
    private sealed class ReadablePcf8574(System.Device.I2c.I2cDevice device) : Pcf8574(device, shouldDispose: false)
    {
        protected override PinValue Read(int pinNumber) => (ReadByte() >> pinNumber) & 1;
    }
}
