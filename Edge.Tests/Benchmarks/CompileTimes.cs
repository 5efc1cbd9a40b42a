using System.Diagnostics;
using System.Globalization;
using Edge.Runtime.Grammars;

namespace Edge.Tests.Benchmarks;

/// <summary>
/// From 50 functions as JSON Schema to the first mask, in many short runs: the least is what the work costs, the rest is what else the machine
/// had to do. The first run of all has the just-in-time compiler in it.
/// </summary>
internal static class CompileTimes
{
    private const int Runs = 400;

    public static void Run()
    {
        var catalogue = Catalogues.Of(50);
        Console.WriteLine("| vocabulary | what | first of all ms | least µs | p10 | p50 |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: |");
        foreach (var (name, tokenizer) in Vocabularies.All())
        {
            var index = new TokenIndex(tokenizer.Vocabulary);
            Print(name, "compile", () => JsonCalls.Compile(catalogue, new GrammarOptions()));
            Print(name, "compile and first mask", () => new TokenMatcher(JsonCalls.Compile(catalogue, new GrammarOptions()), index).Mask());
            Measure(Enumerable.Range(0, Runs).Select(_ => JsonCalls.Compile(catalogue, new GrammarOptions())), grammar => new TokenMatcher(grammar, index).Mask(), name, "first mask of a grammar just compiled");
        }
    }

    private static void Print(string vocabulary, string what, Action run) => Measure(Enumerable.Range(0, Runs), _ => run(), vocabulary, what);

    private static void Measure<T>(IEnumerable<T> inputs, Action<T> run, string vocabulary, string what)
    {
        var times = new List<double>();
        foreach (var input in inputs)
        {
            long start = Stopwatch.GetTimestamp();
            run(input);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        double first = times[0] / 1000;
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {vocabulary} | {what} | {first:0.0} | {times[0]:0} | {times[Runs / 10]:0} | {times[Runs / 2]:0} |"));
    }
}
