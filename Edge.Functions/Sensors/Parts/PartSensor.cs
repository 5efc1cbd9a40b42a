namespace Edge.Functions.Sensors.Parts;

/// <summary>One channel of a part on a bus.</summary>
public sealed class PartSensor(PartBoard board, SensorSource.Part source) : Sensor
{
    public override double Measure() => board.Measure(source);
}
