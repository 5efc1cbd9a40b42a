using Edge.Functions.Gpio;

namespace Edge.Functions.Sensors.Parts;

/// <summary>A part in use: its binding and how a channel of it is read, in the unit of the channel's quantity.</summary>
internal sealed class OpenPart(IDisposable binding, Func<string, double?> measure) : IDisposable
{
    private readonly Lock _gate = new();

    /// <summary>One measurement at a time: the sensors of several quantities share the part.</summary>
    /// <exception cref="HardwareFault">The part gave no value.</exception>
    public double Measure(string channel)
    {
        lock (_gate)
        {
            return measure(channel) is { } value && double.IsFinite(value) ? value : throw new HardwareFault($"it gave no {channel}");
        }
    }

    public void Dispose() => binding.Dispose();
}
