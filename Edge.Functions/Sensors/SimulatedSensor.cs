namespace Edge.Functions.Sensors;

/// <summary>A sensor that says what it was told. It may be told to break.</summary>
public sealed class SimulatedSensor(double value) : Sensor
{
    private double _value = value;

    /// <summary>What the next measurements give.</summary>
    public double Value
    {
        get => Volatile.Read(ref _value);
        set => Volatile.Write(ref _value, value);
    }

    /// <summary>When set, measurements fail with this sentence.</summary>
    public string? Fault { get; set; }

    public override double Measure() => Fault is { } fault ? throw new Gpio.HardwareFault(fault) : Value;
}
