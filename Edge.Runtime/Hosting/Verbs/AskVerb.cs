using System.CommandLine;
using Edge.Runtime.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge ask</c>: one command in this process, without a broker.</summary>
internal static class AskVerb
{
    public static System.CommandLine.Command Create()
    {
        var text = CommonOptions.Sentence();
        var json = CommonOptions.Json();
        var config = CommonOptions.Config();
        var model = CommonOptions.Model();
        var simulate = CommonOptions.Simulate();
        var verb = new System.CommandLine.Command("ask", "Do one command here, without a broker, and print the reply.") { text, json, config, model, simulate };
        verb.SetAction((parsed, cancelled) => RunAsync(
            parsed.GetValue(text)!, parsed.GetValue(json), parsed.GetValue(config), parsed.GetValue(model), parsed.GetValue(simulate), cancelled));
        return verb;
    }

    private static async Task<int> RunAsync(string text, bool json, string? config, string? model, bool simulate, CancellationToken cancelled)
    {
        if (StartUp.Prepare(config, model, simulate) is not var (settings, folder))
        {
            return ExitCode.WrongSetting;
        }

        try
        {
            using var engine = EngineFactory.Create(settings, folder, TimeProvider.System, NullLoggerFactory.Instance);
            var reply = await AskAsync(engine, text, settings.Options.Commands.TimeMax, cancelled);
            Console.WriteLine(json ? ReplyJson.ToText(reply) : reply.Sentence);
            return reply.Status == ReplyStatus.Ok ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception fault) when (StartUp.IsKnown(fault))
        {
            return StartUp.Tell(fault);
        }
    }

    // By the same worker as in the service, so that deadline, faults and Ctrl-C end the same way.
    private static async Task<Reply> AskAsync(Engine engine, string text, TimeSpan timeMax, CancellationToken cancelled)
    {
        var clock = TimeProvider.System;
        using var worker = new CommandWorker(new CommandQueue(1), engine.Runner, clock);
        worker.Start();
        await using var stop = cancelled.Register(() => worker.Stop());
        var now = clock.GetUtcNow();
        return await worker.SubmitAsync(new Commands.Command("ask", text, now, now + timeMax, "ask"));
    }
}
