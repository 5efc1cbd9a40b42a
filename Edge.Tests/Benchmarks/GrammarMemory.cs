using System.Globalization;
using System.Runtime.CompilerServices;
using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;
using Edge.Runtime.Tokens;

namespace Edge.Tests.Benchmarks;

/// <summary>Bytes that stay in use, one number each: what is made once a vocabulary, and what a catalogue of 50 functions adds.</summary>
internal static class GrammarMemory
{
    public static void Run()
    {
        var catalogue = Catalogues.Of(50);
        Console.WriteLine("| vocabulary | index, once a model | grammar of 50 functions | its matcher | after a call to each |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var (name, tokenizer) in Vocabularies.All())
        {
            Measure(name, tokenizer, catalogue);
        }
    }

    // A method of its own, so that nothing of one vocabulary is left when the next begins.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Measure(string name, Tokenizer tokenizer, IReadOnlyList<FunctionDefinition> catalogue)
    {
        int[][] calls = [.. Catalogues.Calls(catalogue).Select(call => Vocabularies.Encode(tokenizer, call))];
        long start = Used();
        var index = new TokenIndex(tokenizer.Vocabulary);
        long withIndex = Used();
        var grammar = JsonCalls.Compile(catalogue, new GrammarOptions());
        long withGrammar = Used();
        var matcher = new TokenMatcher(grammar, index);
        long withMatcher = Used();
        foreach (int[] call in calls)
        {
            matcher.Reset();
            foreach (int token in call)
            {
                matcher.Mask();
                matcher.TryAccept(token);
            }
        }

        long walked = Used();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Mebibytes(withIndex - start)} | {Mebibytes(withGrammar - withIndex)} | {Mebibytes(withMatcher - withGrammar)} | {Mebibytes(walked - withGrammar)} |"));
        GC.KeepAlive(matcher);
        GC.KeepAlive(index);
        GC.KeepAlive(calls);
        GC.KeepAlive(tokenizer);
    }

    private static long Used() => GC.GetTotalMemory(forceFullCollection: true);

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.0 MiB", CultureInfo.InvariantCulture);
}
