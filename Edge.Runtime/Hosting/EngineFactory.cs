using Edge.Runtime.Commands;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>Puts house and model together.</summary>
internal static class EngineFactory
{
    public static Engine Create(EdgeSettings settings, string modelFolder, TimeProvider clock, ILoggerFactory logs)
    {
        _ = (settings, clock, logs);
        return new Engine(new Echo(), [], Path.GetFileName(modelFolder), "no devices", []);
    }

    private sealed class Echo : ICommandRunner
    {
        public Reply Run(Command command, CancellationToken cancellationToken) => Reply.Refusal(command.Id, ReplyStatus.Ok, $"Heard: {command.Text}");
    }
}
