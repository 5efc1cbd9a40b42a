using Edge.Runtime.Grammars;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Grammars;

public sealed class ForcedTokensTests
{
    [Theory]
    [InlineData("""<|call|>{"name":"turn_on","arguments":{"device":"kitchen light"}}<|call|>{"name":"set_brightness","arguments":{"light":"desk lamp","brightness":40}}<|end|>""")]
    [InlineData("""<|call|>{"name":"read_temperature","arguments":{"location":"living room"}}<|end|>""")]
    [InlineData("""<|call|>{"name":"announce","arguments":{"text":"hello"}}<|end|>""")]
    public void What_is_forced_is_always_what_the_tokenizer_itself_would_write(string answer)
    {
        var canonical = TokenMatcherTests.Encode(answer);
        var (tokens, forced) = Write(TokenMatcherTests.Matcher(), canonical);
        Assert.Equal(canonical, tokens);
        Assert.True(forced * 2 >= canonical.Count, $"Only {forced} of {canonical.Count} tokens were forced.");
    }

    [Fact]
    public void Nothing_is_forced_where_there_is_a_choice()
    {
        var matcher = TokenMatcherTests.Matcher();
        var forced = new List<int>();
        new ForcedTokens(ShippedModel.Tokenizer).Find(matcher, forced);
        Assert.Empty(forced);
    }

    [Fact]
    public void The_end_is_forced_where_nothing_else_may_follow()
    {
        var matcher = TokenMatcherTests.Matcher(new GrammarOptions { CallsMax = 1 });
        Assert.All(TokenMatcherTests.Encode("""<|call|>{"name":"turn_on","arguments":{"device":"Fan"}}"""), t => Assert.True(matcher.TryAccept(t)));
        var forced = new List<int>();
        new ForcedTokens(ShippedModel.Tokenizer).Find(matcher, forced);
        Assert.Equal(TokenMatcherTests.Encode("<|end|>"), forced);
    }

    [Fact]
    public void Looking_for_forced_tokens_allocates_nothing()
    {
        var matcher = TokenMatcherTests.Matcher();
        var forcing = new ForcedTokens(ShippedModel.Tokenizer);
        var forced = new List<int>(64);
        Assert.True(matcher.TryAccept(TokenMatcherTests.Encode("<|call|>")[0]));
        forcing.Find(matcher, forced);
        long before = GC.GetAllocatedBytesForCurrentThread();
        forcing.Find(matcher, forced);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEmpty(forced);
    }

    /// <summary>Writes an answer as decoding does: takes what is forced, and asks for the wanted token where there is a choice.</summary>
    private static (List<int> Tokens, int Forced) Write(TokenMatcher matcher, List<int> wanted)
    {
        var forcing = new ForcedTokens(ShippedModel.Tokenizer);
        var forced = new List<int>();
        int count = 0;
        while (!matcher.IsComplete)
        {
            forcing.Find(matcher, forced);
            if (forced.Count == 0)
            {
                forced.Add(wanted[matcher.Tokens.Length]);
            }
            else
            {
                count += forced.Count;
            }

            Assert.All(forced, token => Assert.True(matcher.TryAccept(token)));
        }

        return ([.. matcher.Tokens], count);
    }
}
