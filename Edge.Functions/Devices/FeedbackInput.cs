using Edge.Functions.Gpio;
using Edge.Functions.Settings;

namespace Edge.Functions.Devices;

/// <summary>Tells where a thing really is, whatever its line was set to.</summary>
public sealed class FeedbackInput : IDisposable
{
    private readonly InputLine _line;
    private readonly TimeSpan _within;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private TaskCompletionSource _edge = New();

    public FeedbackInput(InputLine line, TimeSpan within, TimeProvider clock)
    {
        _line = line;
        _within = within;
        _clock = clock;
        _line.Changed += OnEdge;
        _line.WatchOrPoll(clock);
    }

    /// <summary>Rose or fell.</summary>
    public event Action? Changed;

    public bool Read() => _line.Read();

    /// <summary>Waits until it reads as it should.</summary>
    /// <exception cref="HardwareFault">It does not in its time.</exception>
    public void WaitFor(bool active, CancellationToken cancellationToken)
    {
        long start = _clock.GetTimestamp();
        while (true)
        {
            Task edge;
            lock (_gate)
            {
                edge = _edge.Task;
            }

            if (_line.Read() == active)
            {
                return;
            }

            var left = _within - _clock.GetElapsedTime(start);
            try
            {
                edge.WaitAsync(left > TimeSpan.Zero ? left : throw new TimeoutException(), _clock, cancellationToken).GetAwaiter().GetResult();
            }
            catch (TimeoutException e)
            {
                throw new HardwareFault($"its feedback on {_line} still tells otherwise after {DurationText.Format(_within)}.", e);
            }
        }
    }

    public void Dispose() => _line.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnEdge()
    {
        TaskCompletionSource edge;
        lock (_gate)
        {
            edge = _edge;
            _edge = New();
        }

        edge.TrySetResult();
        Changed?.Invoke();
    }
}
