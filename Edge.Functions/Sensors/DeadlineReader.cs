using Edge.Functions.Gpio;

namespace Edge.Functions.Sensors;

/// <summary>
/// Reads a sensor on another thread and stops waiting at a deadline. A read that hangs keeps that one thread: until it returns,
/// further reads are refused at once, so that a dead bus costs one thread and no command waits behind it.
/// </summary>
public sealed class DeadlineReader(Sensor sensor, TimeSpan deadline, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private Task<Reading>? _flight;
    private long _startedAt;

    /// <summary>Measures now; never an older number.</summary>
    /// <exception cref="HardwareFault">No reading within the deadline, or none at all.</exception>
    public Reading Read(CancellationToken cancellationToken = default)
    {
        var flight = Start();
        try
        {
            return flight.WaitAsync(deadline, clock, cancellationToken).GetAwaiter().GetResult();
        }
        catch (TimeoutException e)
        {
            throw new HardwareFault($"no answer within {deadline.TotalSeconds:0.#} s", e);
        }
    }

    private Task<Reading> Start()
    {
        lock (_gate)
        {
            if (_flight is { IsCompleted: false } && clock.GetElapsedTime(_startedAt) >= deadline)
            {
                throw new HardwareFault("the last read still hangs");
            }

            // A read in flight that began a moment ago is shared: its number will be as fresh as one of our own.
            if (_flight is null || _flight.IsCompleted)
            {
                _startedAt = clock.GetTimestamp();
                _flight = Task.Run(() => new Reading(sensor.Measure(), clock.GetUtcNow()), CancellationToken.None);
            }

            return _flight;
        }
    }
}
