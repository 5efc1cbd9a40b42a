using System.Runtime.InteropServices;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>Ctrl-C and SIGTERM as one token, from the first moment on: a start that is under way ends in order, too.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;

    public StopSignals() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        // The second one ends the process at once, as a user expects who presses Ctrl-C again.
        signal.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
