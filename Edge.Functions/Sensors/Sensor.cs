namespace Edge.Functions.Sensors;

/// <summary>Something that can be measured. A measurement may take long or hang; <see cref="DeadlineReader"/> bounds it.</summary>
public abstract class Sensor
{
    /// <summary>Measures now.</summary>
    /// <exception cref="Gpio.HardwareFault">No measurement; the message says what was tried.</exception>
    public abstract double Measure();
}
