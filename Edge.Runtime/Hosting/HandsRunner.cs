using Edge.Runtime.Commands;

namespace Edge.Runtime.Hosting;

/// <summary>Answers sentences at a board that runs no model.</summary>
internal sealed class HandsRunner(string id) : ICommandRunner
{
    /// <summary>In place of a model's name.</summary>
    public const string Model = "none (hands)";

    public Reply Run(Command command, CancellationToken cancellationToken) =>
        Reply.Refusal(command.Id, ReplyStatus.Refused, $"Board {id} runs no model (role: hands); send the command to a brain.");
}
