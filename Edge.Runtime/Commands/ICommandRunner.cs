namespace Edge.Runtime.Commands;

/// <summary>Carries out one command. The pipeline does it with a model; tests do it from a script.</summary>
public interface ICommandRunner
{
    /// <summary>Runs on the command worker's own thread, one command at a time.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="cancellationToken">Cancelled at the command's deadline and when the service stops.</param>
    /// <returns>The reply. A thrown exception becomes a reply with <see cref="ReplyStatus.Error"/>.</returns>
    Reply Run(Command command, CancellationToken cancellationToken);
}
