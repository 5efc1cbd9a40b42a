using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Inference;

public sealed class AnswerDecoderTests
{
    private const string Answer = """<|call|>{"name":"turn_on","arguments":{"device":"kitchen light"}}<|end|>""";

    [Fact]
    public void The_answer_is_what_the_model_prefers_among_the_legal()
    {
        var answer = Say(new ScriptedDecoder(ShippedModel.Tokenizer, Answer));
        Assert.Equal(StopReason.End, answer.Stop);
        Assert.Equal(Grammars.TokenMatcherTests.Encode(Answer), answer.Tokens);
    }

    [Fact]
    public void Forced_tokens_cost_no_step_of_their_own()
    {
        var decoder = new ScriptedDecoder(ShippedModel.Tokenizer, Answer);
        var answer = Say(decoder);
        Assert.Equal(decoder.Runs, answer.ModelSteps);
        Assert.Equal(answer.Tokens.Length, answer.DecodedTokens + answer.ForcedTokens);
        Assert.Equal(answer.DecodedTokens, answer.ModelSteps);
        Assert.True(answer.ForcedTokens > answer.DecodedTokens);
    }

    [Fact]
    public void What_the_grammar_forbids_is_never_said()
    {
        var answer = Say(new ScriptedDecoder(ShippedModel.Tokenizer, """<|call|>{"name":"launch","arguments":{"device":"rocket"}}<|end|>"""), limits: new DecodeLimits(200));
        var calls = new EdgeCallSyntax(ShippedModel.Tokenizer).Read(answer.Tokens, SampleFunctions.Some);
        Assert.All(calls.Calls, c => Assert.Contains(SampleFunctions.Some, f => f.Name == c.Name));
    }

    [Fact]
    public void Decoding_stops_at_the_limit_of_tokens()
    {
        var answer = Say(new ScriptedDecoder(ShippedModel.Tokenizer, Answer), limits: new DecodeLimits(5));
        Assert.Equal(StopReason.TokensMax, answer.Stop);
    }

    [Fact]
    public void Decoding_stops_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var decoder = new ScriptedDecoder(ShippedModel.Tokenizer, Answer) { OnRun = cancel.Cancel };
        Assert.Equal(StopReason.Cancelled, Say(decoder, cancelled: cancel.Token).Stop);
    }

    [Fact]
    public void A_prompt_that_fills_the_context_is_refused_without_a_run()
    {
        var decoder = new ScriptedDecoder(ShippedModel.Tokenizer, Answer) { ContextLength = 3 };
        Assert.Equal(StopReason.ContextFull, Say(decoder).Stop);
        Assert.Equal(0, decoder.Runs);
    }

    [Fact]
    public void A_context_that_fills_up_while_decoding_ends_the_answer()
    {
        var decoder = new ScriptedDecoder(ShippedModel.Tokenizer, Answer) { ContextLength = 8 };
        Assert.Equal(StopReason.ContextFull, Say(decoder).Stop);
    }

    [Fact]
    public void A_prompt_pays_only_for_what_is_new_in_it()
    {
        var decoder = new ScriptedDecoder(ShippedModel.Tokenizer, Answer, Answer);
        var answers = new AnswerDecoder(decoder, ShippedModel.Tokenizer, TimeProvider.System);
        answers.Decode([1, 2, 3, 4, 5], Grammars.TokenMatcherTests.Matcher(), new DecodeLimits(), TestContext.Current.CancellationToken);
        var second = answers.Decode([1, 2, 3, 9, 9], Grammars.TokenMatcherTests.Matcher(), new DecodeLimits(), TestContext.Current.CancellationToken);
        Assert.Equal(3, second.CachedTokens);
    }

    private static DecodedAnswer Say(ScriptedDecoder decoder, DecodeLimits? limits = null, CancellationToken? cancelled = null) =>
        new AnswerDecoder(decoder, ShippedModel.Tokenizer, TimeProvider.System).Decode([1, 2, 3], Grammars.TokenMatcherTests.Matcher(), limits ?? new DecodeLimits(), cancelled ?? TestContext.Current.CancellationToken);
}
