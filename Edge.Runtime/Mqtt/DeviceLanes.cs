using Edge.Functions.Devices;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// What is done to one device is done in order; a device that takes its time to answer (behind MQTT, or with a feedback input) keeps only itself
/// waiting. Not thread-safe: one door fills it.
/// </summary>
internal sealed class DeviceLanes
{
    /// <summary>Of one device; with more, the door waits for it.</summary>
    public const int WaitingMax = 32;

    private readonly Dictionary<string, (Task Last, Counter Waiting)> _lanes = new(StringComparer.Ordinal);

    /// <returns>Completes when the next may come.</returns>
    public async Task AddAsync(DeviceDeclaration device, Func<Task> act)
    {
        if (device.Wiring is not (Wiring.Remote or Wiring.Output { Feedback: not null }))
        {
            await act();
            return;
        }

        var (last, waiting) = _lanes.GetValueOrDefault(device.Name, (Task.CompletedTask, new Counter()));
        if (waiting.Count >= WaitingMax)
        {
            await last;
        }

        waiting.Add(1);
        _lanes[device.Name] = (AfterAsync(last, act, waiting), waiting);
    }

    /// <summary>Completes when everything added is done.</summary>
    public Task EndAsync() => Task.WhenAll(_lanes.Values.Select(l => l.Last));

    private static async Task AfterAsync(Task last, Func<Task> act, Counter waiting)
    {
        await last;
        await Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        waiting.Add(-1);
    }

    private sealed class Counter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add(int number) => Interlocked.Add(ref _count, number);
    }
}
