using System.Diagnostics;
using System.Globalization;
using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;
using HdrHistogram;

namespace Edge.Tests.Benchmarks;

/// <summary>How long a mask takes: average and distribution, first with nothing kept from before, then again; one thread.</summary>
internal static class MaskLatencies
{
    public static void Run(string[] args)
    {
        int functions = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50;
        var catalogue = Catalogues.Of(functions);
        Console.WriteLine("| vocabulary | functions | compile ms | first mask µs | pass | masks | average µs | p50 | p99 | max | bytes a mask |");
        Console.WriteLine("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (name, tokenizer) in Vocabularies.All())
        {
            var index = new TokenIndex(tokenizer.Vocabulary);
            var calls = Catalogues.Calls(catalogue).Select(c => Vocabularies.Encode(tokenizer, c)).ToList();
            Measure(index, catalogue, calls, out _); // the jitter
            var report = Measure(index, catalogue, calls, out double compileMs);
            foreach (var pass in report.Passes)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {functions} | {compileMs:0.0} | {report.FirstMaskUs:0} | {pass.Name} | {pass.Times.TotalCount} | {pass.Times.GetMean() / 1000:0.0} | {pass.Times.GetValueAtPercentile(50) / 1000.0:0.0} | {pass.Times.GetValueAtPercentile(99) / 1000.0:0.0} | {pass.Times.GetMaxValue() / 1000.0:0.0} | {pass.Bytes} |"));
            }
        }
    }

    private static (double FirstMaskUs, List<(string Name, LongHistogram Times, long Bytes)> Passes) Measure(TokenIndex index, IReadOnlyList<FunctionDefinition> catalogue, List<int[]> calls, out double compileMs)
    {
        long start = Stopwatch.GetTimestamp();
        var grammar = JsonCalls.Compile(catalogue, new GrammarOptions());
        compileMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        var matcher = new TokenMatcher(grammar, index);
        matcher.Mask();
        double firstMaskUs = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        return (firstMaskUs, [Pass("first", matcher, calls), Pass("again", matcher, calls)]);
    }

    private static (string Name, LongHistogram Times, long Bytes) Pass(string name, TokenMatcher matcher, List<int[]> calls)
    {
        var times = new LongHistogram(10_000_000_000, 3);
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        foreach (int[] call in calls)
        {
            matcher.Reset();
            foreach (int token in call)
            {
                long start = Stopwatch.GetTimestamp();
                bool legal = matcher.Mask()[token];
                times.RecordValue((long)Stopwatch.GetElapsedTime(start).TotalNanoseconds);
                if (!legal || !matcher.TryAccept(token))
                {
                    throw new InvalidOperationException($"Token {token} of a call is not legal.");
                }
            }
        }

        return (name, times, (GC.GetAllocatedBytesForCurrentThread() - bytes) / times.TotalCount);
    }
}
