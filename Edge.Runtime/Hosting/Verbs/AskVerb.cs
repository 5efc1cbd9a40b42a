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
        var verb = new System.CommandLine.Command("ask", "Do one command here, without a broker, and print the reply.") { text, json, config, model };
        verb.SetAction((parsed, cancelled) =>
            RunAsync(parsed.GetValue(text)!, parsed.GetValue(json), parsed.GetValue(config), parsed.GetValue(model), cancelled));
        return verb;
    }

    private static async Task<int> RunAsync(string text, bool json, string? config, string? model, CancellationToken cancelled)
    {
        var settings = EdgeSettings.Load(config);
        string? folder = ModelLocation.Find(model, settings.Options.Model.Folder, out string missing);
        if (settings.Faults.Count > 0 || folder is null)
        {
            return Faults.WrongSetting([.. settings.Faults.Select(f => f.Message), .. folder is null ? [missing] : Array.Empty<string>()]);
        }

        var clock = TimeProvider.System;
        using var engine = EngineFactory.Create(settings, folder, clock, NullLoggerFactory.Instance);
        using var worker = new CommandWorker(new CommandQueue(1), engine.Runner, clock);
        worker.Start();
        await using var stop = cancelled.Register(() => worker.Stop());
        var now = clock.GetUtcNow();
        var reply = await worker.SubmitAsync(new Commands.Command("ask", text, now, now + settings.Options.Commands.TimeMax, "ask"));
        Console.WriteLine(json ? ReplyJson.ToText(reply) : reply.Sentence);
        return reply.Status == ReplyStatus.Ok ? ExitCode.Ok : ExitCode.Failed;
    }
}
