using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Runtime.Commands;

/// <summary>Runs commands one at a time on a thread of its own, and sees to it that each gets its reply, whatever the runner does.</summary>
public sealed class CommandWorker : IDisposable
{
    internal const string Stopping = "Edge is stopping; send the command again when it is back.";

    // A runner that heard of its deadline may still say what it had already moved; after this it is taken for stuck.
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly CommandQueue _queue;
    private readonly ICommandRunner _runner;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly CancellationTokenSource _stop = new();
    private volatile PendingCommand? _running;
    private bool _disposed;

    public CommandWorker(CommandQueue queue, ICommandRunner runner, TimeProvider clock, ILogger<CommandWorker>? log = null)
    {
        _queue = queue;
        _runner = runner;
        _clock = clock;
        _log = log ?? NullLogger<CommandWorker>.Instance;
        _thread = new Thread(Work) { Name = "commands", IsBackground = true };
    }

    /// <summary>
    /// The model's side broke: a runner threw, said that its grammar failed, or went on past its deadline and the grace after it. Raised
    /// before the reply where there is a choice, on the worker's thread or, when that one is stuck, on a timer's. A deadline that is obeyed is none.
    /// </summary>
    public event Action? ModelFailed;

    /// <summary>How many commands wait.</summary>
    public int Waiting => _queue.Count;

    public void Start() => _thread.Start();

    /// <summary>Queues a command.</summary>
    /// <returns>Its one reply; the task never faults.</returns>
    public async Task<Reply> SubmitAsync(Command command)
    {
        var pending = _queue.Add(command, _clock.GetTimestamp());
        if (pending.Reply.IsCompleted)
        {
            var refusal = await pending.Reply.ConfigureAwait(false);
            CommandLog.Refused(_log, command.Id, refusal.Sentence);
            return refusal;
        }

        // Armed at receipt: a command behind one that never ends is answered too, and so is the one that never ends.
        var now = _clock.GetUtcNow();
        var left = Max(command.Deadline - now, TimeSpan.Zero);
        var wait = Max(StartBy(command) - now, TimeSpan.Zero);
        await using var waited = _clock.CreateTimer(_ => ExpireWaiting(pending), null, wait, Timeout.InfiniteTimeSpan);
        await using var stuck = _clock.CreateTimer(_ => ExpireRunning(pending), null, left + Grace, Timeout.InfiniteTimeSpan);
        var reply = await pending.Reply.ConfigureAwait(false);
        CommandLog.Answered(_log, command, reply);
        return reply;
    }

    /// <summary>Takes no more commands, cancels the one that runs, refuses those that wait.</summary>
    /// <returns>Whether the thread ended in time (5 s); if not, a runner is stuck, and its command is answered all the same.</returns>
    public bool Stop()
    {
        _queue.Close();
        _stop.Cancel();
        bool ended = !_thread.IsAlive || _thread.Join(StopPatience);
        _running?.TryRefuse(ReplyStatus.Refused, Stopping);
        while (_queue.TryTake(out var pending))
        {
            pending.TryRefuse(ReplyStatus.Refused, Stopping);
        }

        return ended;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;

        // A stuck runner still holds the queue and the token: leave them to it, the process is about to end.
        if (Stop())
        {
            _queue.Dispose();
            _stop.Dispose();
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static DateTimeOffset StartBy(Command command) =>
        command.StartBy is { } startBy && startBy < command.Deadline ? startBy : command.Deadline;

    /// <summary>The answer to a command that was not started in time.</summary>
    private static Reply NotStarted(Command command) => StartBy(command) < command.Deadline
        ? Reply.Refusal(command.Id, ReplyStatus.Refused, "The command expired before it could start (its MQTT message expiry); send it again.")
        : Reply.Refusal(command.Id, ReplyStatus.Timeout, TooLate(command));

    private static string TooLate(Command command) =>
        $"The command was not done within {(command.Deadline - command.ReceivedAt).TotalSeconds:0.#} s; ask for less at once or send it again.";

    private void Work()
    {
        while (_queue.TryTake(out var pending))
        {
            if (_stop.IsCancellationRequested)
            {
                pending.TryRefuse(ReplyStatus.Refused, Stopping);
            }
            else if (pending.TryClaim())
            {
                _running = pending;
                var waited = _clock.GetElapsedTime(pending.QueuedAt);
                pending.TryAnswer(WithQueue(Run(pending.Command), waited.TotalMilliseconds));
                _running = null;
            }
        }
    }

    private static Reply WithQueue(Reply reply, double queueMs) =>
        reply with { Timing = reply.Timing with { QueueMs = queueMs, TotalMs = queueMs + reply.Timing.TotalMs } };

    private Reply Run(Command command)
    {
        var now = _clock.GetUtcNow();
        if (StartBy(command) <= now)
        {
            return NotStarted(command);
        }

        var left = command.Deadline - now;

        using var deadline = new CancellationTokenSource(left, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
        try
        {
            var reply = _runner.Run(command, both.Token)
                ?? throw new InvalidOperationException("The runner gave no reply.");
            if (reply.IsModelFault)
            {
                TellFailed(command);
            }

            return reply;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return Reply.Refusal(command.Id, ReplyStatus.Refused, Stopping);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Reply.Refusal(command.Id, ReplyStatus.Timeout, TooLate(command));
        }
        catch (Exception fault)
        {
            CommandLog.Broken(_log, command.Id, fault);
            TellFailed(command);
            return Reply.Refusal(command.Id, ReplyStatus.Error, $"Something inside broke: {OneLine(fault.Message)}");
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();

    private static void ExpireWaiting(PendingCommand pending)
    {
        if (pending.TryClaim())
        {
            pending.TryAnswer(NotStarted(pending.Command));
        }
    }

    private void ExpireRunning(PendingCommand pending)
    {
        if (pending.TryRefuse(ReplyStatus.Timeout, TooLate(pending.Command)))
        {
            CommandLog.Expired(_log, pending.Command.Id);
            TellFailed(pending.Command);
        }
    }

    /// <summary>Whoever listens must not take the reply with him, nor the thread.</summary>
    private void TellFailed(Command command)
    {
        try
        {
            ModelFailed?.Invoke();
        }
        catch (Exception fault)
        {
            CommandLog.Broken(_log, command.Id, fault);
        }
    }
}
