using System.Globalization;
using Edge.Runtime.Evaluation;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Prompts;

namespace Edge.Tests.Benchmarks;

/// <summary>
/// Every way to answer on the same rows, row by row in turn behind one cache: how many are right, what that costs in model steps and
/// milliseconds, and how many answers were words or malformed. Arguments: rows of each suite, then suites.
/// </summary>
internal static class SearchComparison
{
    private sealed record Way(string Name, SearchOptions? Search, bool IgnoreCase)
    {
        public int Right { get; set; }

        public int Words { get; set; }

        public int Malformed { get; set; }

        public List<DecodedAnswer> Answers { get; } = [];
    }

    public static void Run(string[] args)
    {
        int rowsMax = int.Parse(args[0], CultureInfo.InvariantCulture);
        var folder = ModelFolder.Open(Vocabularies.Find("models/edge-38m")!);
        using var model = new LanguageModel(new OnnxDecoder(folder), folder.Tokenizer, TimeProvider.System);
        var cache = new PrefixCache(model.Answers.Decoder);
        foreach (string suite in args.Skip(1))
        {
            Way[] ways =
            [
                new("no grammar", null, false),
                new("greedy, exact case", SearchOptions.Greedy, false),
                new("greedy", SearchOptions.Greedy, true),
                new("values", new SearchOptions(Scope: SearchScope.Values), true),
                new("arguments", new SearchOptions(Scope: SearchScope.Arguments), true),
                new("functions, 2 wide", new SearchOptions(Width: 2), true),
                new("functions, 4 wide (default)", SearchOptions.Default, true),
                new("functions, 4 wide, exact case", SearchOptions.Default, false),
                new("functions, 8 wide", new SearchOptions(Width: 8), true),
            ];
            int rows = Ask(model, cache, folder, EvalSuite.Read(suite, rowsMax).Rows, ways);
            Console.WriteLine($"| {Path.GetFileName(suite)}, {rows} rows | right | words | malformed | model steps | decided | forced | ms p50 | ms mean |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var way in ways)
            {
                var times = way.Answers.Select(a => a.PrefillMs + a.DecodeMs).Order().ToList();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {way.Name} | {100.0 * way.Right / rows:0.0} % | {way.Words} | {way.Malformed} | {way.Answers.Average(a => a.ModelSteps):0.0} | {way.Answers.Average(a => a.DecodedTokens):0.0} | {way.Answers.Average(a => a.ForcedTokens):0.0} | {times[times.Count / 2]:0.0} | {times.Average():0.0} |"));
            }
        }
    }

    private static int Ask(LanguageModel model, PrefixCache cache, ModelFolder folder, IReadOnlyList<EvalRow> rows, Way[] ways)
    {
        var template = new EdgeTemplate(folder.Tokenizer);
        var decoders = ways.Select(way => new AnswerDecoder(cache, folder.Tokenizer, TimeProvider.System, way.Search)).ToList();
        int asked = 0;
        foreach (var row in rows)
        {
            int[] prompt = template.Build(row.Tools, ModelCaller.Turns(row.Messages)).Ids;
            if (prompt.Length > model.ContextLength - 256)
            {
                continue;
            }

            asked++;
            for (int i = 0; i < ways.Length; i++)
            {
                decoders[i].Warm(prompt);
                var answer = ways[i].Search is null
                    ? decoders[i].DecodeFreely(prompt, model.Syntax.EndTokens, new DecodeLimits(), CancellationToken.None)
                    : decoders[i].Decode(prompt, model.Matcher(row.Tools, new GrammarOptions { EnumIgnoreCase = ways[i].IgnoreCase }), new DecodeLimits(), CancellationToken.None);
                ways[i].Answers.Add(answer);
                var said = model.Syntax.Read(answer.Tokens, row.Tools);
                ways[i].Right += CallScorer.Score(row, said.Calls) == EvalVerdict.Right ? 1 : 0;
                ways[i].Words += said.Calls.Count == 0 && said.IsWellFormed ? 1 : 0;
                ways[i].Malformed += said.Calls.Count == 0 && !said.IsWellFormed ? 1 : 0;
            }
        }

        return asked;
    }
}
