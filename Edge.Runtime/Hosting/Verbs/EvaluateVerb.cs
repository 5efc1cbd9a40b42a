using System.CommandLine;
using System.Globalization;
using Edge.Runtime.Evaluation;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Prompts;
using Spectre.Console;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge eval</c>: runs suites of questions with known answers.</summary>
internal static class EvaluateVerb
{
    public static System.CommandLine.Command Create()
    {
        var suites = new Argument<string[]>("SUITE") { Description = "Suites, one row a line (.jsonl).", Arity = ArgumentArity.OneOrMore };
        var model = CommonOptions.Model();
        var noGrammar = new Option<bool>("--no-grammar") { Description = "Let the model write what it likes, to see what the grammar is worth." };
        var width = new Option<int>("--width") { Description = "Ways followed side by side where a call may go on in several; 1 is greedy.", DefaultValueFactory = _ => SearchOptions.Default.Width };
        var exact = new Option<bool>("--exact-case") { Description = "Enumeration values only in their declared spelling." };
        var limit = new Option<int>("--limit") { Description = "Rows taken of each suite.", DefaultValueFactory = _ => int.MaxValue };
        var json = CommonOptions.Json();
        var failures = new Option<string>("--failures") { Description = "Where wrong rows go, as JSON lines.", DefaultValueFactory = _ => "eval-failures.jsonl" };
        var verb = new System.CommandLine.Command("eval", "Score a model on suites.") { suites, model, noGrammar, width, exact, limit, json, failures };
        verb.SetAction((parsed, cancelled) => Task.Run(
            () => Run(
                new EvalRequest(parsed.GetValue(suites)!, parsed.GetValue(limit), parsed.GetValue(json), parsed.GetValue(failures)!),
                parsed.GetValue(model),
                !parsed.GetValue(noGrammar),
                Math.Clamp(parsed.GetValue(width), 1, 16),
                parsed.GetValue(exact),
                cancelled),
            CancellationToken.None));
        return verb;
    }

    private static int Run(EvalRequest request, string? named, bool useGrammar, int width, bool exactCase, CancellationToken cancelled)
    {
        if (ModelLocation.Find(named, null, out string missing) is not { } path)
        {
            return Faults.WrongSetting(missing);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        try
        {
            var folder = ModelFolder.Open(path);
            using var model = LanguageModel.Open(folder, DecoderOptions.Default, TimeProvider.System, SearchOptions.Default with { Width = width });
            var caller = new ModelCaller(model, ChatTemplates.Of(folder), new GrammarOptions { EnumIgnoreCase = !exactCase }, useGrammar);
            int code = EvalVerb.Run(request, caller, TimeProvider.System, console, Console.Out, cancelled);
            var totals = caller.Totals;
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{totals.Rows} rows: {totals.ModelSteps} model steps, {totals.DecodedTokens} tokens decided, {totals.ForcedTokens} forced."));
            return code;
        }
        catch (ModelException fault)
        {
            return Faults.WrongSetting(fault.Message);
        }
        catch (OperationCanceledException)
        {
            return Faults.Print(ExitCode.Failed, $"Stopped; wrong rows so far are in {request.FailuresFile}.");
        }
    }
}
