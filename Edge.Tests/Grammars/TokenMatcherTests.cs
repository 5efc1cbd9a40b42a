using CsCheck;
using Edge.Runtime.Grammars;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Grammars;

public sealed class TokenMatcherTests
{
    private const string TwoCalls =
        """<|call|>{"name":"turn_on","arguments":{"device":"kitchen light"}}<|call|>{"name":"set_brightness","arguments":{"light":"desk lamp","brightness":40,"fade":true}}<|end|>""";

    [Theory]
    [InlineData(TwoCalls)]
    [InlineData("<|say|>Sorry, I can't do that.<|end|>")]
    [InlineData("""<|call|>{"name":"announce","arguments":{"text":"Dinner \"now\" – für alle 😀"}}<|end|>""")]
    public void A_whole_answer_is_accepted_and_every_token_of_it_is_in_the_mask(string answer)
    {
        var matcher = Matcher();
        foreach (int token in Encode(answer))
        {
            Assert.True(matcher.Mask()[token]);
            Assert.True(matcher.TryAccept(token));
        }

        Assert.True(matcher.IsAccepting);
        Assert.True(matcher.IsComplete);
    }

    [Theory]
    [InlineData("""<|call|>{"name":"turn_on","arguments":{"device":"oven"}}<|end|>""")]
    [InlineData("""<|call|>{"name":"launch","arguments":{}}<|end|>""")]
    [InlineData("""<|call|>{"name":"set_brightness","arguments":{"light":"desk lamp","brightness":101}}<|end|>""")]
    [InlineData("""<|call|>{"name":"set_brightness","arguments":{"brightness":10,"light":"desk lamp"}}<|end|>""")]
    [InlineData("""<|call|>{"name":"set_brightness","arguments":{"light":"desk lamp"}}<|end|>""")]
    [InlineData("""<|call|>{"name":"turn_on","arguments":{"device":"Fan","x":1}}<|end|>""")]
    [InlineData("""{"name":"turn_on","arguments":{"device":"Fan"}}<|end|>""")]
    [InlineData("<|say|><|end|>")]
    [InlineData("<|end|>")]
    public void An_answer_outside_the_catalogue_is_refused(string answer)
    {
        var matcher = Matcher();
        Assert.False(Encode(answer).All(matcher.TryAccept));
        Assert.True(matcher.IsFaulted);
    }

    [Fact]
    public void A_fault_is_sticky()
    {
        var matcher = Matcher();
        Assert.False(matcher.TryAccept(Encode("<|end|>")[0]));
        Assert.All(Encode(TwoCalls), token => Assert.False(matcher.TryAccept(token)));
        Assert.Equal(0, matcher.Mask().Count());
        Assert.False(matcher.IsAccepting);
    }

    [Fact]
    public void The_mask_is_what_the_matcher_accepts_token_by_token()
    {
        var matcher = Matcher();
        foreach (int token in Encode(TwoCalls))
        {
            var mask = matcher.Mask().Words.ToArray();
            for (int other = 0; other < ShippedModel.Tokenizer.Vocabulary.Count; other++)
            {
                // Also of a byte token and a piece that say the same: only the piece is legal.
                Assert.Equal(new TokenMask(mask)[other], matcher.TryAccept(other));
                matcher.Rollback(1);
            }

            Assert.True(matcher.TryAccept(token));
        }
    }

    [Fact]
    public void From_every_state_a_random_walk_over_legal_tokens_never_meets_an_empty_mask() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var random = new Random(seed);
                var matcher = Matcher();
                var legal = new int[ShippedModel.Index.Vocabulary.Count];
                for (int i = 0; i < 200 && !matcher.IsComplete; i++)
                {
                    int count = matcher.Mask().CopyTo(legal);
                    Assert.NotEqual(0, count);
                    Assert.True(matcher.TryAccept(legal[random.Next(count)]));
                }
            },
            iter: 200,
            threads: 1);

    [Fact]
    public void Rollback_restores_every_earlier_state()
    {
        var matcher = Matcher();
        var tokens = Encode(TwoCalls);
        var masks = new List<ulong[]>();
        foreach (int token in tokens)
        {
            masks.Add(matcher.Mask().Words.ToArray());
            Assert.True(matcher.TryAccept(token));
        }

        for (int i = tokens.Count - 1; i >= 0; i--)
        {
            matcher.Rollback(1);
            Assert.Equal(masks[i], matcher.Mask().Words.ToArray());
        }
    }

    [Fact]
    public void A_string_without_length_limit_must_end_after_its_number_of_tokens()
    {
        var matcher = Matcher(new GrammarOptions { StringTokensMax = 8 });
        Assert.All(Encode("""<|call|>{"name":"announce","arguments":{"text":" """)[..^1], t => Assert.True(matcher.TryAccept(t)));
        int said = 0;
        foreach (int token in Encode("one two three four five six seven eight nine ten eleven twelve"))
        {
            if (!matcher.Mask()[token])
            {
                break;
            }

            Assert.True(matcher.TryAccept(token));
            said++;
        }

        Assert.Equal(8, said);
        var legal = new int[100];
        int count = matcher.Mask().CopyTo(legal);
        Assert.InRange(count, 1, 20);
        Assert.All(legal.Take(count), t => Assert.Equal((byte)'"', ShippedModel.Tokenizer.Vocabulary.Bytes(t)[0]));
    }

    [Fact]
    public void Characters_of_several_tokens_count_like_all_others()
    {
        var matcher = Matcher(new GrammarOptions { StringTokensMax = 8 });
        Assert.All(Encode("""<|call|>{"name":"announce","arguments":{"text":" """)[..^1], t => Assert.True(matcher.TryAccept(t)));
        int said = 0;
        foreach (int token in Encode("😀😀😀😀😀😀😀😀😀😀😀😀"))
        {
            if (!matcher.Mask()[token])
            {
                break;
            }

            Assert.True(matcher.TryAccept(token));
            said++;
        }

        // The limit ends a string between two characters, so up to three tokens later.
        Assert.InRange(said, 8, 11);
    }

    [Fact]
    public void Sixty_four_tokens_and_sixteen_items_are_the_limits_where_a_schema_says_nothing()
    {
        Assert.Equal((64, 16), (GrammarOptions.Default.StringTokensMax, GrammarOptions.Default.ArrayItemsMax));
        using var schema = System.Text.Json.JsonDocument.Parse("""{"type":"array","items":{"type":"null"}}""");
        var matcher = new TextMatcher(Grammar.FromSchema(schema.RootElement));
        Assert.All(System.Text.Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("null", 16))), b => Assert.True(matcher.TryAccept(b)));
        Assert.False(matcher.IsLegal((byte)','));
        Assert.True(matcher.IsLegal((byte)']'));
    }

    [Fact]
    public void Enumeration_values_match_in_any_case_and_come_back_as_declared()
    {
        var syntax = new EdgeCallSyntax(ShippedModel.Tokenizer);
        var matcher = Matcher(new GrammarOptions { EnumIgnoreCase = true });
        var answer = Encode("""<|call|>{"name":"turn_on","arguments":{"device":"fan"}}<|end|>""");
        Assert.All(answer, t => Assert.True(matcher.TryAccept(t)));
        Assert.Equal("Fan", syntax.Read(matcher.Tokens, SampleFunctions.Some).Calls.Single().Arguments.GetProperty("device").GetString());
    }

    [Fact]
    public void The_hot_path_allocates_nothing()
    {
        var matcher = Matcher();
        var tokens = Encode(TwoCalls).ToArray();
        long Bytes()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            matcher.Reset();
            foreach (int token in tokens)
            {
                _ = matcher.Mask().Words.Length;
                matcher.TryAccept(token);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // Also the states that are reached for the first time: room was made when the grammar was. One matcher warms up the runtime.
        Bytes();
        matcher = Matcher();
        Assert.Equal(0, Bytes());
        Assert.Equal(0, Bytes());
    }

    internal static TokenMatcher Matcher(GrammarOptions? options = null) =>
        new(new EdgeCallSyntax(ShippedModel.Tokenizer).Compile(SampleFunctions.Some, options ?? new()), ShippedModel.Index);

    internal static List<int> Encode(string template)
    {
        var ids = new List<int>();
        ShippedModel.Tokenizer.EncodeTemplate(template, ids);
        return ids;
    }
}
