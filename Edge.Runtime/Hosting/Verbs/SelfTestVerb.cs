using System.CommandLine;
using Edge.Runtime.Commands;
using Edge.Runtime.Inference.SelfTest;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>
/// <c>edge self-test</c>, not among the verbs of the help: whether this build computes here what it should. With sentences, it also says what
/// the model calls for each in the house of edge.yaml, simulated, so that two machines can be compared.
/// </summary>
internal static class SelfTestVerb
{
    public static System.CommandLine.Command Create()
    {
        var config = CommonOptions.Config();
        var model = CommonOptions.Model();
        var sentences = new Option<FileInfo?>("--sentences") { Description = "A file with a sentence a line.", HelpName = "FILE" };
        var verb = new System.CommandLine.Command("self-test", "Compare this CPU's kernels with plain arithmetic.") { config, model, sentences };
        verb.Hidden = true;
        verb.SetAction(parsed => Run(parsed.GetValue(config), parsed.GetValue(model), parsed.GetValue(sentences)));
        return verb;
    }

    private static int Run(string? config, string? model, FileInfo? sentences)
    {
        int failed = 0, passed = 0;
        foreach (var check in Kernels.Check())
        {
            Console.WriteLine(FormattableString.Invariant($"{(check.Passed ? "ok  " : "FAIL")} {check.Name}: {check.Error:0.0e+0} (limit {check.Limit:0.0e+0})"));
            _ = check.Passed ? passed++ : failed++;
        }

        Console.WriteLine($"{passed} passed, {failed} failed");
        if (sentences is not null && Ask(config, model, sentences) is var code and not ExitCode.Ok)
        {
            return code;
        }

        return failed == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static int Ask(string? config, string? model, FileInfo sentences)
    {
        if (StartUp.Prepare(config, model, simulate: true) is not var (settings, folder))
        {
            return ExitCode.WrongSetting;
        }

        using var engine = EngineFactory.Create(settings, folder, TimeProvider.System, NullLoggerFactory.Instance);
        foreach (string text in File.ReadLines(sentences.FullName).Where(line => line.Length > 0))
        {
            var now = TimeProvider.System.GetUtcNow();
            var reply = engine.Runner.Run(new Commands.Command("self-test", text, now, now + TimeSpan.FromMinutes(10), "self-test"), CancellationToken.None);
            Console.WriteLine($"> {text}");
            foreach (var call in reply.Calls)
            {
                Console.WriteLine($"{call.Name} {call.Arguments.GetRawText()}");
            }
        }

        return ExitCode.Ok;
    }
}
