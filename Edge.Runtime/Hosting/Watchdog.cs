using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>
/// Tells the service manager that the house is in good hands: that actuators answer and that somebody looks after the broker's connection.
/// Nothing of the model's thread goes into it: a model that hangs neither starves the watchdog nor keeps it alive.
/// </summary>
public sealed class Watchdog : IDisposable
{
    private readonly Action<string> _tell;
    private readonly TimeSpan _patience;
    private readonly Func<TimeSpan, bool> _actuatorsAnswer;
    private readonly Func<bool> _linkIsAttended;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private ITimer? _timer;
    private int _looking;

    /// <param name="patience">After so long without a sign the process is killed. A sign is sent three times as often.</param>
    /// <param name="actuatorsAnswer">Whether they do within the time given.</param>
    public Watchdog(Action<string> tell, TimeSpan patience, Func<TimeSpan, bool> actuatorsAnswer, Func<bool> linkIsAttended, TimeProvider clock, ILogger<Watchdog> log)
    {
        _tell = tell;
        _patience = patience;
        _actuatorsAnswer = actuatorsAnswer;
        _linkIsAttended = linkIsAttended;
        _clock = clock;
        _log = log;
    }

    internal TimeSpan Interval => _patience / 3;

    /// <summary>From now on, the first sign at once.</summary>
    public void Start() => _timer ??= _clock.CreateTimer(_ => Look(), null, TimeSpan.Zero, Interval);

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        // A look that waits for a lock must not have others queue behind it and use up the thread pool.
        if (Interlocked.Exchange(ref _looking, 1) == 1)
        {
            return;
        }

        try
        {
            if (!_actuatorsAnswer(Interval / 2))
            {
                HostingLog.NoSign(_log, "the actuators do not answer");
            }
            else if (!_linkIsAttended())
            {
                HostingLog.NoSign(_log, "nobody looks after the broker's connection");
            }
            else
            {
                _tell("WATCHDOG=1");
            }
        }
        catch (Exception fault)
        {
            // A timer's exception would end the process here and now; without a sign its manager does so in order.
            HostingLog.NoSign(_log, fault.Message);
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }
}
