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
        HealthVerb.Create(),
        SafeVerb.Create(),
        SelfTestVerb.Create(),
        AuditVerb.Create(),
        ConvertVerb.Create(),
        ModelVerb.Create(),
        RandomModelVerb.Create(),
        QuantizeReportVerb.Create(),
        EvaluateVerb.Create(),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        bool wrong = parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true };
        if (!wrong)
        {
            // The library's own handling would end the process with 143 whatever the verb returns.
            using var signals = new StopSignals();
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, signals.Token);
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
