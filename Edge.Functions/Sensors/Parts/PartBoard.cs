using Edge.Functions.Buses;
using Edge.Functions.Gpio;

namespace Edge.Functions.Sensors.Parts;

/// <summary>The parts in use, each opened once, at its first measurement: a missing part must not stop the start.</summary>
public sealed class PartBoard(BusBoard buses) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<BusAddress, Slot> _slots = [];

    /// <summary>Measures one channel of a part. A part that failed is opened anew next time, since it may have lost its settings.</summary>
    /// <exception cref="HardwareFault">The part does not answer or gave no value.</exception>
    internal double Measure(SensorSource.Part source)
    {
        Slot slot;
        lock (_gate)
        {
            if (!_slots.TryGetValue(source.Address, out slot!))
            {
                _slots[source.Address] = slot = new Slot();
            }
        }

        return slot.Measure(() => Open(source), source);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var slot in _slots.Values)
            {
                slot.Close();
            }

            _slots.Clear();
        }
    }

    private OpenPart Open(SensorSource.Part source)
    {
        var kind = PartKind.Find(source.Kind) ?? throw new InvalidOperationException($"{source.Kind} is no part the settings should have let in.");
        return source.Address switch
        {
            BusAddress.I2c i2c => kind.OnI2c!(buses.Open(i2c), source.Options),
            BusAddress.Spi spi => kind.OnSpi!(buses.Open(spi), source.Options),
            _ => throw new InvalidOperationException($"{source.Address} is an unknown bus."),
        };
    }

    /// <summary>A place on a bus. A part that hangs holds this place's lock and no other's.</summary>
    private sealed class Slot
    {
        private readonly Lock _gate = new();
        private OpenPart? _part;

        public double Measure(Func<OpenPart> open, SensorSource.Part source)
        {
            lock (_gate)
            {
                try
                {
                    return (_part ??= open()).Measure(source.Channel);
                }
                catch (Exception e) when (e is IOException or InvalidOperationException or TimeoutException or UnauthorizedAccessException or ArgumentException)
                {
                    Close();
                    throw new HardwareFault($"{source} does not answer ({e.Message.TrimEnd('.')}); check its wiring, and that \"edge check\" lists its address.", e);
                }
            }
        }

        public void Close()
        {
            try
            {
                _part?.Dispose();
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                // The part is gone; there is nothing to give back.
            }

            _part = null;
        }
    }
}
