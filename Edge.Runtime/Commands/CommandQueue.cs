using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Edge.Runtime.Commands;

/// <summary>Commands that wait for the worker, oldest first. It never grows past its capacity and never blocks a sender.</summary>
public sealed class CommandQueue : IDisposable
{
    public const int CapacityDefault = 8;

    // Counted without the collection, which may be disposed when a report asks for the last time.
    private readonly ConcurrentQueue<PendingCommand> _oldestFirst = new();
    private readonly BlockingCollection<PendingCommand> _waiting;

    /// <param name="capacity">How many commands may wait; the one that runs is not counted.</param>
    public CommandQueue(int capacity = CapacityDefault) => _waiting = new(_oldestFirst, capacity);

    public int Capacity => _waiting.BoundedCapacity;

    /// <summary>How many commands wait now.</summary>
    public int Count => _oldestFirst.Count;

    /// <summary>Puts a command at the end, or answers it at once: busy when full, refused when closed.</summary>
    /// <param name="now">A timestamp of the clock's: from here on the command waits.</param>
    public PendingCommand Add(Command command, long now = 0)
    {
        var pending = new PendingCommand(command, now);
        try
        {
            if (!_waiting.TryAdd(pending))
            {
                // The newest is refused, so that accepted commands keep their latency.
                pending.TryRefuse(ReplyStatus.Busy, $"{Capacity} commands are waiting already; try again in a moment.");
            }
        }
        catch (InvalidOperationException)
        {
            pending.TryRefuse(ReplyStatus.Refused, CommandWorker.Stopping);
        }

        return pending;
    }

    /// <summary>No command is accepted from here on; those that wait can still be taken.</summary>
    public void Close() => _waiting.CompleteAdding();

    /// <summary>Waits for the next command.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool TryTake([NotNullWhen(true)] out PendingCommand? pending) => _waiting.TryTake(out pending, Timeout.Infinite);

    public void Dispose() => _waiting.Dispose();
}
