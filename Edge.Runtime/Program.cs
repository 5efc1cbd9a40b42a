using Edge.Runtime.Evaluation;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Prompts;
using Spectre.Console;

// Replaced by the verbs of the hub branch; this runs conversions and suites until then.
if (args[0] == "convert")
{
    ModelConverter.Convert(new ConvertOptions(args[1], args[2]) { Bits = args.Length > 3 ? int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 4, Overwrite = true }, null, CancellationToken.None);
    return 0;
}

using var model = LanguageModel.Open(args[1], new DecoderOptions { Threads = 2 }, TimeProvider.System);
var caller = new ModelCaller(model, new EdgeTemplate(model.Tokenizer), new GrammarOptions { EnumIgnoreCase = args.Contains("--nocase") }, !args.Contains("--no-grammar"));
int code = EvalVerb.Run(new EvalRequest(args.Skip(2).Where(a => !a.StartsWith("--")).ToList(), FailuresFile: "/tmp/fail.jsonl"), caller, TimeProvider.System, AnsiConsole.Console, Console.Out, CancellationToken.None);
Console.WriteLine(caller.Totals);
return code;
