using System.CommandLine;
using System.CommandLine.Parsing;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>The verbs of <c>edge</c>.</summary>
public static class EdgeCommandLine
{
    public static RootCommand Create() => new("Turns a sentence into a safe, verified movement of a pin.")
    {
        RunVerb.Create(),
        SendVerb.Create(),
        AskVerb.Create(),
        FunctionsVerb.Create(),
        CheckVerb.Create(),
        SafeVerb.Create(),
        AuditVerb.Create(),
        ConvertVerb.Create(),
        EvaluateVerb.Create(),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        bool wrong = parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true };
        if (!wrong)
        {
            // `run` stops by the host's lifetime, the others by their token; both end well within these 10 s.
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10), EnableDefaultExceptionHandler = false });
        }

        foreach (ParseError error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }

        var verb = parsed.CommandResult.Command;
        await Console.Error.WriteLineAsync($"See `edge {(verb is RootCommand ? "" : verb.Name + " ")}--help`.");
        return ExitCode.Usage;
    }
}
