using Edge.Functions;
using Edge.Runtime.Commands;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>Puts house and model together.</summary>
internal static class EngineFactory
{
    /// <exception cref="Models.ModelException">The model cannot be used.</exception>
    /// <exception cref="Functions.Gpio.HardwareFault">A line cannot be had.</exception>
    public static Engine Create(EdgeSettings settings, string modelFolder, TimeProvider clock, ILoggerFactory logs) =>
        new(House.Open(settings.House, clock, logs), new Echo(), Path.GetFileName(modelFolder));

    private sealed class Echo : ICommandRunner
    {
        public Reply Run(Command command, CancellationToken cancellationToken) => Reply.Refusal(command.Id, ReplyStatus.Ok, $"Heard: {command.Text}");
    }
}
