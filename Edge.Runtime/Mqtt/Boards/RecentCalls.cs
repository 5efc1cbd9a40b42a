using Edge.Functions.Devices.Boards;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>
/// The calls of the last <see cref="RecentCommands.Window"/>, at most <see cref="RecentCommands.CountMax"/>: one that comes again, from the same brain
/// or from another that carries on its work, gets the same answer and moves nothing. Thread-safe.
/// </summary>
internal sealed class RecentCalls(TimeProvider clock, int countMax = RecentCommands.CountMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private readonly Queue<Entry> _inOrder = new();

    /// <param name="content">Device and action: another content under a used id is no repetition.</param>
    /// <param name="answer">Of the call that came before; completes when that is done. Null when it is new.</param>
    public Novelty Add(string id, string content, out Task<BoardAnswer>? answer)
    {
        lock (_lock)
        {
            var oldest = clock.GetUtcNow() - RecentCommands.Window;
            while (_inOrder.TryPeek(out var first) && (first.At < oldest || _inOrder.Count >= countMax))
            {
                _inOrder.Dequeue();
                if (_byId.TryGetValue(first.Id, out var current) && ReferenceEquals(current, first))
                {
                    _byId.Remove(first.Id);
                }
            }

            if (_byId.TryGetValue(id, out var known))
            {
                answer = known.Answer.Task;
                return known.Content == content ? Novelty.Again : Novelty.UsedName;
            }

            var entry = new Entry(id, content, clock.GetUtcNow());
            _byId[id] = entry;
            _inOrder.Enqueue(entry);
            answer = null;
            return Novelty.New;
        }
    }

    public void Answer(string id, BoardAnswer answer)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(id, out var entry))
            {
                entry.Answer.TrySetResult(answer);
            }
        }
    }

    private sealed record Entry(string Id, string Content, DateTimeOffset At)
    {
        public TaskCompletionSource<BoardAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
