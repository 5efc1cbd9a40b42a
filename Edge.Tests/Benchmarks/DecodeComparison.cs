using System.Globalization;
using Edge.Runtime.Evaluation;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Prompts;

namespace Edge.Tests.Benchmarks;

/// <summary>
/// The same questions without grammar, with it, and with search, row by row in turn, in one process, each with its prompt already in the cache:
/// what an answer costs in model steps and milliseconds.
/// </summary>
internal static class DecodeComparison
{
    public static void Run(string[] args)
    {
        string suite = args.FirstOrDefault() ?? Vocabularies.Find("../shared/eval/home.dev.jsonl") ?? throw new FileNotFoundException("Name a suite (.jsonl).");
        var rows = EvalSuite.Read(suite, 150).Rows;
        var folder = ModelFolder.Open(Vocabularies.Find("models/edge-38m")!);
        using var greedy = new LanguageModel(new OnnxDecoder(folder), folder.Tokenizer, TimeProvider.System, SearchOptions.Greedy);
        using var search = new LanguageModel(new OnnxDecoder(folder), folder.Tokenizer, TimeProvider.System);
        var ways = new (string Name, LanguageModel Model, bool Grammar, List<DecodedAnswer> Answers)[]
        {
            ("no grammar", greedy, false, []), ("grammar, greedy", greedy, true, []), ("grammar, search", search, true, []),
        };
        var template = new EdgeTemplate(folder.Tokenizer);
        foreach (var row in rows)
        {
            int[] prompt = template.Build(row.Tools, [new Turn.User(row.UserText)]).Ids;
            if (prompt.Length > 1600)
            {
                continue;
            }

            foreach (var way in ways)
            {
                way.Model.Answers.Warm(prompt);
                way.Answers.Add(way.Grammar
                    ? way.Model.Answers.Decode(prompt, way.Model.Matcher(row.Tools, new GrammarOptions()), new DecodeLimits(), CancellationToken.None)
                    : way.Model.Answers.DecodeFreely(prompt, way.Model.Syntax.EndTokens, new DecodeLimits(), CancellationToken.None));
            }
        }

        Console.WriteLine("| way | rows | model steps | decided | forced | ms p50 | ms mean |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (name, _, _, answers) in ways)
        {
            var times = answers.Select(a => a.PrefillMs + a.DecodeMs).Order().ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {answers.Count} | {answers.Average(a => a.ModelSteps):0.0} | {answers.Average(a => a.DecodedTokens):0.0} | {answers.Average(a => a.ForcedTokens):0.0} | {times[times.Count / 2]:0.0} | {times.Average():0.0} |"));
        }
    }
}
