using Edge.Functions.Calls;
using Edge.Functions.Handlers;

namespace Edge.Runtime.Commands;

/// <summary>
/// Tells the gate who asks: the calls of a command are its sender's, and words that answer what that sender was asked ("yes", the PIN) never
/// reach the model.
/// </summary>
public sealed class CallerRunner(FunctionDispatcher dispatcher, TimeProvider clock) : ICommandRunner
{
    private const string NothingAsked = "Nothing waits for your yes: the question was answered, is over, or was asked of somebody else; say the command again.";
    private Caller _caller = Caller.Local;

    /// <summary>Answers all other words; it makes its calls by <see cref="Invoke"/>.</summary>
    public ICommandRunner? Words { get; set; }

    /// <summary>A call of the command that runs now.</summary>
    public FunctionResult Invoke(FunctionCall call) => dispatcher.Invoke(call, _caller, token: null);

    public Reply Run(Command command, CancellationToken cancellationToken)
    {
        var times = new CallTimes();
        _caller = CallerOf(command) with { Actions = command.Key is { } key ? new ActionIds(key) : null, Times = times };
        var reply = Answer(command, cancellationToken);
        return reply with { Timing = reply.Timing with { GateMs = times.Gate.TotalMilliseconds, HandsMs = times.Hands.TotalMilliseconds } };
    }

    /// <summary>Two sessions of one client are two callers: one must not answer what the other was asked.</summary>
    public static Caller CallerOf(Command command) => new(command.Session is { } session ? $"{command.Origin}/{session}" : command.Origin);

    private Reply Answer(Command command, CancellationToken cancellationToken)
    {
        long start = clock.GetTimestamp();
        if (command.OnlyUnderstand || dispatcher.Answer(command.Text, _caller, cancellationToken) is not { } result)
        {
            return FunctionDispatcher.IsYes(command.Text)
                ? new Reply(command.Id, ReplyStatus.Refused, NothingAsked, [], [], new CommandTiming(TotalMs: clock.GetElapsedTime(start).TotalMilliseconds))
                : Words!.Run(command, cancellationToken);
        }

        var status = result is FunctionResult.Done ? ReplyStatus.Ok : ReplyStatus.Failed;
        return new Reply(command.Id, status, result.Sentence, [], [result], new CommandTiming(TotalMs: clock.GetElapsedTime(start).TotalMilliseconds));
    }
}
