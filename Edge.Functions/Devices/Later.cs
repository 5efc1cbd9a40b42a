namespace Edge.Functions.Devices;

/// <summary>
/// The next step of something that takes time (the end of a pulse, of a move). Setting another replaces it, so that of two commands the
/// later one wins; a step that was already on its way to run finds itself outdated and does nothing.
/// </summary>
internal sealed class Later(TimeProvider clock, Lock gate) : IDisposable
{
    private ITimer? _timer;
    private int _turn;

    public bool IsSet => _timer is not null;

    /// <summary>To be called, and calls <paramref name="step"/>, with the gate held.</summary>
    public void Set(TimeSpan delay, Action step)
    {
        Cancel();
        int turn = _turn;
        _timer = clock.CreateTimer(_ => Run(turn, step), null, delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>To be called with the gate held.</summary>
    public void Cancel()
    {
        _turn++;
        _timer?.Dispose();
        _timer = null;
    }

    public void Dispose()
    {
        lock (gate)
        {
            Cancel();
        }
    }

    private void Run(int turn, Action step)
    {
        lock (gate)
        {
            if (turn != _turn)
            {
                return;
            }

            Cancel();
            try
            {
                step();
            }
            catch (Gpio.HardwareFault)
            {
                // Nobody waits for this step; the next read of the device tells what the hardware does.
            }
        }
    }
}
