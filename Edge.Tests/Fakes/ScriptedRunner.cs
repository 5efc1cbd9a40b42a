using System.Collections.Concurrent;
using System.Threading.Channels;
using Edge.Runtime.Commands;

namespace Edge.Tests.Fakes;

/// <summary>Answers commands from a script instead of a model, and remembers what was started.</summary>
internal sealed class ScriptedRunner(Func<Command, CancellationToken, Reply> script) : ICommandRunner
{
    private readonly Channel<string> _begun = Channel.CreateBounded<string>(1024);

    /// <summary>Says back what it heard.</summary>
    public ScriptedRunner()
        : this((command, _) => Said(command, $"Heard: {command.Text}"))
    {
    }

    /// <summary>Ids in the order in which they were started.</summary>
    public ConcurrentQueue<string> Started { get; } = new();

    public static Reply Said(Command command, string sentence) => Reply.Refusal(command.Id, ReplyStatus.Ok, sentence);

    public Reply Run(Command command, CancellationToken cancellationToken)
    {
        Started.Enqueue(command.Id);
        _begun.Writer.TryWrite(command.Id);
        return script(command, cancellationToken);
    }

    /// <summary>Waits until the next command has been started.</summary>
    /// <exception cref="TimeoutException">None was within a minute.</exception>
    public Task<string> BegunAsync(CancellationToken cancellationToken) => _begun.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, cancellationToken);
}
