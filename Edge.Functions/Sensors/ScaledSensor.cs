using System.Globalization;
using Edge.Functions.Gpio;

namespace Edge.Functions.Sensors;

/// <summary>Applies the owner's scale and offset, and refuses what cannot be.</summary>
public sealed class ScaledSensor(Sensor inner, SensorDeclaration declaration) : Sensor
{
    public override double Measure()
    {
        double value = (inner.Measure() * declaration.Scale) + declaration.Offset;
        return value >= declaration.Min && value <= declaration.Max
            ? value
            : throw new HardwareFault(string.Create(
                CultureInfo.InvariantCulture,
                $"{declaration.Source} gives {value:0.##} {declaration.Unit}, outside {declaration.Min:0.##} to {declaration.Max:0.##}; check its wiring."));
    }
}
