using Edge.Functions.Gpio;
using Edge.Functions.Sensors;

namespace Edge.Functions.Devices;

/// <summary>A sensor that is asked within a deadline; a reply never carries an older number than the question.</summary>
public sealed class SensorDevice : Device
{
    private readonly DeadlineReader _reader;
    private readonly int _decimals;

    public SensorDevice(DeviceDeclaration declaration, Wiring.Measuring wiring, Sensor sensor, TimeSpan deadline, TimeProvider clock)
        : base(declaration, clock)
    {
        Sensor = sensor;
        // A simulated number is what people read, not what the file would hold.
        var scaling = sensor is SimulatedSensor ? wiring.Sensor with { Scale = 1, Offset = 0 } : wiring.Sensor;
        _reader = new DeadlineReader(new ScaledSensor(sensor, scaling), deadline, clock);
        _decimals = wiring.Sensor.Quantity.Decimals;
    }

    /// <summary>What is asked; simulated ones can be set.</summary>
    public Sensor Sensor { get; }

    public override DeviceState Read(CancellationToken cancellationToken = default)
    {
        try
        {
            return Keep(DeviceState.Number(Math.Round(_reader.Read(cancellationToken).Value, _decimals)));
        }
        catch (HardwareFault e)
        {
            Keep(DeviceState.Unknown);
            throw new HardwareFault($"No reading from {Name}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    public override DeviceState Do(DeviceAction action, Permit permit) => throw NotMine(action);

    public override void GoSafe()
    {
        // It moves nothing.
    }

    protected override void Dispose(bool disposing)
    {
        // Files are opened for each measurement.
    }
}
