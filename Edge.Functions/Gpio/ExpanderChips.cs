using System.Device.Gpio;
using System.Device.I2c;
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
                ? new LevelFirstMcp23017(device)
                : new ReadablePcf8574(device);
            return new GpioChip(expander.Name, new GpioController(driver));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException or ArgumentException)
        {
            throw new HardwareFault($"{expander} does not answer ({e.Message.TrimEnd('.')}); check its wiring and address jumpers ({expander.Place}).", e);
        }
    }

    /// <summary>The level is there before the line becomes an output: a relay that is on at low would switch in between.</summary>
    private sealed class LevelFirstMcp23017(I2cDevice device) : Mcp23017(device, shouldDispose: false)
    {
        protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
        {
            if (mode == PinMode.Output)
            {
                Write(pinNumber, initialValue);
            }

            SetPinMode(pinNumber, mode);
        }
    }

    /// <summary>
    /// The part's outputs can be read, which the binding (4.2.0) refuses; read-back needs it. And the port begins as it stands: the binding
    /// would write zeros first, which switches on every relay of a board whose relays are on at low.
    /// </summary>
    private sealed class ReadablePcf8574 : Pcf8574
    {
        public ReadablePcf8574(I2cDevice device)
            : base(new FirstWriteDropped(device), shouldDispose: false)
        {
            int port = ReadByte();
            var levels = new PinValuePair[8];
            for (int i = 0; i < levels.Length; i++)
            {
                levels[i] = new PinValuePair(i, (port >> i) & 1);
            }

            Write(levels);
        }

        protected override PinValue Read(int pinNumber) => (ReadByte() >> pinNumber) & 1;

        protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
        {
            if (mode == PinMode.Output)
            {
                // To the binding every line is an output until it is told otherwise, so that this is possible first.
                Write(pinNumber, initialValue);
            }

            SetPinMode(pinNumber, mode);
        }
    }

    private sealed class FirstWriteDropped(I2cDevice inner) : I2cDevice
    {
        private bool _isFirst = true;

        public override I2cConnectionSettings ConnectionSettings => inner.ConnectionSettings;

        public override void Read(Span<byte> buffer) => inner.Read(buffer);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!_isFirst)
            {
                inner.Write(buffer);
            }

            _isFirst = false;
        }

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => inner.WriteRead(writeBuffer, readBuffer);

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
