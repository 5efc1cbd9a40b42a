using Edge.Runtime.Inference;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Inference;

public sealed class LegalRowsTests
{
    private const string Answer = """<|call|>{"name":"set_brightness","arguments":{"light":"desk lamp","brightness":40,"fade":true}}<|end|>""";

    [Fact]
    public void Where_few_tokens_are_legal_the_decoder_is_told_which_and_no_other_row_is_looked_at()
    {
        var decoder = new RowsDecoder(new ScriptedDecoder(ShippedModel.Tokenizer, Answer));
        var answer = new AnswerDecoder(decoder, ShippedModel.Tokenizer, TimeProvider.System, SearchOptions.Greedy)
            .Decode([1, 2, 3], Grammars.TokenMatcherTests.Matcher(), new DecodeLimits(), TestContext.Current.CancellationToken);
        Assert.Equal(Grammars.TokenMatcherTests.Encode(Answer), answer.Tokens);
        Assert.NotEmpty(decoder.Asked);
        Assert.All(decoder.Asked, rows => Assert.InRange(rows.Length, 2, 64));
        Assert.All(decoder.Asked, rows => Assert.Equal(rows.Order().Distinct(), rows));
        Assert.All(decoder.Asked.Zip(decoder.Legal), pair => Assert.Equal(pair.Second, pair.First));
    }

    [Fact]
    public void A_search_compares_with_the_whole_vocabulary_and_so_asks_for_every_row()
    {
        var decoder = new RowsDecoder(new ScriptedDecoder(ShippedModel.Tokenizer, Answer));
        var answer = new AnswerDecoder(decoder, ShippedModel.Tokenizer, TimeProvider.System)
            .Decode([1, 2, 3], Grammars.TokenMatcherTests.Matcher(), new DecodeLimits(), TestContext.Current.CancellationToken);
        Assert.Equal(Grammars.TokenMatcherTests.Encode(Answer), answer.Tokens);
        Assert.True(decoder.Whole > 0);
    }

    /// <summary>Gives what it is not asked for a logit that beats everything.</summary>
    private sealed class RowsDecoder(ScriptedDecoder inner) : IDecoder
    {
        private readonly float[] _logits = new float[inner.Vocabulary];

        public List<int[]> Asked { get; } = [];

        /// <summary>What the grammar allows at each place that was asked for by rows.</summary>
        public List<int[]> Legal { get; } = [];

        /// <summary>Runs that asked for all rows.</summary>
        public int Whole { get; private set; }

        public int Vocabulary => inner.Vocabulary;

        public int ContextLength => inner.ContextLength;

        public int Length => inner.Length;

        public void Truncate(int length) => inner.Truncate(length);

        public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens)
        {
            Whole++;
            return inner.Run(tokens);
        }

        public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> rows)
        {
            Asked.Add(rows.ToArray());
            Legal.Add(LegalAt(Length + tokens.Length - 3));
            Array.Fill(_logits, 1_000f);
            var logits = inner.Run(tokens);
            foreach (int row in rows)
            {
                _logits[row] = logits[row];
            }

            return _logits;
        }

        public ReadOnlySpan<float> RunBranches(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> parents) => inner.RunBranches(tokens, parents);

        public void KeepBranch(scoped ReadOnlySpan<int> path) => inner.KeepBranch(path);

        public void Dispose() => inner.Dispose();

        private static int[] LegalAt(int tokens)
        {
            var matcher = Grammars.TokenMatcherTests.Matcher();
            Assert.All(Grammars.TokenMatcherTests.Encode(Answer).Take(tokens), token => Assert.True(matcher.TryAccept(token)));
            int[] legal = new int[matcher.Mask().Count()];
            matcher.Mask().CopyTo(legal);
            return legal;
        }
    }
}
