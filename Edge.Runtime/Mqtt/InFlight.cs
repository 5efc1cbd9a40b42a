namespace Edge.Runtime.Mqtt;

/// <summary>Counts what has begun and not ended, so that a stop can wait for it.</summary>
internal sealed class InFlight
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _none = Completed();
    private int _count;

    public IDisposable Enter()
    {
        lock (_lock)
        {
            if (_count++ == 0)
            {
                _none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        return new Entry(this);
    }

    public Task NoneAsync()
    {
        lock (_lock)
        {
            return _none.Task;
        }
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_count == 0)
            {
                _none.SetResult();
            }
        }
    }

    private sealed class Entry(InFlight of) : IDisposable
    {
        private InFlight? _of = of;

        public void Dispose() => Interlocked.Exchange(ref _of, null)?.Leave();
    }
}
