namespace Edge.Runtime.Commands;

/// <summary>A command and the one reply it will get. The first answer counts; later ones are dropped.</summary>
public sealed class PendingCommand
{
    // Continuations publish to the broker: they must never run on the worker's thread, between two commands.
    private readonly TaskCompletionSource<Reply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _claimed;

    /// <param name="queuedAt">A timestamp of the clock's.</param>
    public PendingCommand(Command command, long queuedAt = 0)
    {
        Command = command;
        QueuedAt = queuedAt;
    }

    public long QueuedAt { get; }

    public Command Command { get; }

    /// <summary>Completes exactly once and never faults.</summary>
    public Task<Reply> Reply => _reply.Task;

    /// <summary>Claims the command, to run it or to let it expire: only one of the two can happen.</summary>
    /// <returns>Whether the caller is the one.</returns>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    /// <summary>Answers, unless somebody has already.</summary>
    /// <returns>Whether this was the answer that counts.</returns>
    public bool TryAnswer(Reply reply) => _reply.TrySetResult(reply with { Id = Command.Id });

    /// <summary>Answers with a reply that never reached the model.</summary>
    public bool TryRefuse(ReplyStatus status, string sentence) => TryAnswer(Commands.Reply.Refusal(Command.Id, status, sentence));
}
