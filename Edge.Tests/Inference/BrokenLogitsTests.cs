using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Inference;

/// <summary>One logit that is no number, wherever it stands among those that decide, ends the answer as a fault; no token is chosen beside it.</summary>
public sealed class BrokenLogitsTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Among_few_legal_rows_the_last_alone_is_enough(float wrong)
    {
        var decoder = new SpoiledDecoder { Rows = (logits, rows) => logits[rows[^1]] = wrong };
        Assert.Equal(StopReason.GrammarFault, Decode(decoder, SearchOptions.Greedy).Stop);
    }

    [Fact]
    public void What_stands_in_rows_nobody_asked_for_is_not_looked_at()
    {
        var decoder = new SpoiledDecoder
        {
            Rows = (logits, rows) =>
            {
                float[] asked = [.. rows.Select(r => logits[r])];
                Array.Fill(logits, float.NaN);
                foreach (var (row, logit) in rows.Zip(asked))
                {
                    logits[row] = logit;
                }
            },
        };
        Assert.NotEqual(StopReason.GrammarFault, Decode(decoder, SearchOptions.Greedy).Stop);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_search_needs_every_row_and_so_any_is_enough(float wrong) =>
        Assert.Equal(StopReason.GrammarFault, Decode(new SpoiledDecoder { All = logits => logits[^1] = wrong }, new SearchOptions()).Stop);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void In_a_branch_of_a_search_too_and_the_next_answer_is_whole(float wrong)
    {
        var decoder = new SpoiledDecoder();
        var answers = new AnswerDecoder(decoder, ShippedModel.Tokenizer, TimeProvider.System, new SearchOptions());
        var whole = Decode(answers);
        Assert.NotEqual(StopReason.GrammarFault, whole.Stop);
        Assert.True(decoder.BranchRuns > 0, "There was no search: the test would see nothing.");
        foreach (int place in new[] { 0, decoder.Vocabulary - 1 })
        {
            decoder.Branches = logits => logits[place] = wrong;
            Assert.Equal(StopReason.GrammarFault, Decode(answers).Stop);
            decoder.Branches = logits => logits[^(place + 1)] = wrong;
            Assert.Equal(StopReason.GrammarFault, Decode(answers).Stop);
            decoder.Branches = null;
            Assert.Equal(whole.Tokens, Decode(answers).Tokens);
        }
    }

    [Fact]
    public void Of_many_legal_tokens_one_is_enough_and_of_the_forbidden_none()
    {
        float[] logits = new float[256];
        ulong[] words = [ulong.MaxValue, 0, 1, 0];
        logits[200] = float.NaN;
        logits[40] = 3;
        Assert.Equal(40, new TokenMask(words).ArgMax(logits));
        logits[128] = float.NaN;
        Assert.Equal(-1, new TokenMask(words).ArgMax(logits));
        logits[128] = float.NegativeInfinity;
        Assert.Equal(40, new TokenMask(words).ArgMax(logits));
        Assert.Equal(-1, TokenMask.ArgMax([3, 40, 200], logits));
        Assert.Equal(-1, TokenMask.ArgMax([200, 3], logits));
        Assert.Equal(40, TokenMask.ArgMax([3, 40, 128], logits));
    }

    private static DecodedAnswer Decode(SpoiledDecoder decoder, SearchOptions search) => Decode(new AnswerDecoder(decoder, ShippedModel.Tokenizer, TimeProvider.System, search));

    private static DecodedAnswer Decode(AnswerDecoder answers) =>
        answers.Decode([1, 2, 3], Grammars.TokenMatcherTests.Matcher(), new DecodeLimits(60), TestContext.Current.CancellationToken);

    /// <summary>To whom everything is equally likely, with faults put in.</summary>
    private sealed class SpoiledDecoder : IDecoder
    {
        public Action<float[], int[]>? Rows { get; init; }

        public Action<float[]>? All { get; init; }

        public Action<float[]>? Branches { get; set; }

        public int BranchRuns { get; private set; }

        public int Vocabulary => ShippedModel.Tokenizer.Vocabulary.Count;

        public int ContextLength => 2048;

        public int Length { get; private set; }

        public void Truncate(int length) => Length = Math.Min(Length, length);

        public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens)
        {
            Length += tokens.Length;
            float[] logits = new float[Vocabulary];
            All?.Invoke(logits);
            return logits;
        }

        public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> rows)
        {
            Length += tokens.Length;
            float[] logits = new float[Vocabulary];
            Rows?.Invoke(logits, rows.ToArray());
            return logits;
        }

        public ReadOnlySpan<float> RunBranches(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> parents)
        {
            BranchRuns++;
            float[] logits = new float[tokens.Length * Vocabulary];
            Branches?.Invoke(logits);
            return logits;
        }

        public void KeepBranch(scoped ReadOnlySpan<int> path) => Length += path.Length;

        public void Dispose()
        {
        }
    }
}
