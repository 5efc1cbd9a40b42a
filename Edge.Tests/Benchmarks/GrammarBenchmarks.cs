using BenchmarkDotNet.Attributes;
using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;

namespace Edge.Tests.Benchmarks;

/// <summary>
/// A catalogue of 50 functions at three sizes of vocabulary: compiling it, the way to the first mask, and what a token costs on the way through
/// a call to each function. In one process and on one thread; results/ keeps what came out.
/// </summary>
[InProcess]
[MemoryDiagnoser]
[MinColumn]
[WarmupCount(2)]
[IterationCount(8)]
[IterationTime(100)]
public class GrammarBenchmarks
{
    private const int Functions = 50;

    private readonly IReadOnlyList<FunctionDefinition> _catalogue = Catalogues.Of(Functions);
    private TokenIndex _index = null!;
    private Grammar _grammar = null!;
    private TokenMatcher _matcher = null!;
    private int[][] _calls = [];

    public static IEnumerable<string> Sizes => Vocabularies.Names;

    [ParamsSource(nameof(Sizes))]
    public string Vocabulary { get; set; } = "";

    [GlobalSetup]
    public void Open()
    {
        // One at a time: collections of what is measured must not have to look at the others.
        var tokenizer = Vocabularies.All().First(v => v.Name == Vocabulary).Tokenizer;
        _index = new TokenIndex(tokenizer.Vocabulary);
        _grammar = JsonCalls.Compile(_catalogue, new GrammarOptions());
        _matcher = new TokenMatcher(_grammar, _index);
        _calls = [.. Catalogues.Calls(_catalogue).Select(call => Vocabularies.Encode(tokenizer, call))];
        Calls();
    }

    [Benchmark(Description = "compile 50 functions")]
    public Grammar Compile() => JsonCalls.Compile(_catalogue, new GrammarOptions());

    [Benchmark(Description = "compile, then the first mask")]
    public int CompileToFirstMask() => new TokenMatcher(JsonCalls.Compile(_catalogue, new GrammarOptions()), _index).Mask().Count();

    [Benchmark(Description = "first mask of a compiled grammar")]
    public int FirstMask() => new TokenMatcher(_grammar, _index).Mask().Count();

    [Benchmark(Description = "mask and accept, all tokens of 50 calls")]
    public int Calls()
    {
        int tokens = 0;
        foreach (int[] call in _calls)
        {
            _matcher.Reset();
            foreach (int token in call)
            {
                if (!_matcher.Mask()[token] || !_matcher.TryAccept(token))
                {
                    throw new InvalidOperationException($"Token {token} of a call is not legal.");
                }

                tokens++;
            }
        }

        return tokens;
    }
}
