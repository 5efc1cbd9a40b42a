using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;
using Edge.Runtime.Tokens;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>The same catalogue in each family's own spelling. The shipped vocabulary serves them all: its end token stands in for theirs.</summary>
public sealed class CallSyntaxTests
{
    private static readonly Tokenizer Tokenizer = ShippedModel.Tokenizer;

    public static TheoryData<string, string> Dialects => new()
    {
        { "trelis", """{"function": "set_brightness", "arguments": {"light": "desk lamp", "brightness": 40, "fade": true}}""" },
        { "llama", """{"name": "set_brightness", "parameters": {"light": "desk lamp", "brightness": 40, "fade": true}}""" },
        { "chatml", "<tool_call>\n{\"name\": \"set_brightness\", \"arguments\": {\"light\": \"desk lamp\", \"brightness\": 40, \"fade\": true}}\n</tool_call>" },
        { "python", """[set_brightness(light="desk lamp", brightness=40, fade=True)]""" },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public void A_call_is_accepted_and_read_back_whatever_its_spelling(string dialect, string text)
    {
        var (syntax, matcher) = Open(dialect);
        Assert.All(Encode(text + "<|end|>"), t => Assert.True(matcher.TryAccept(t)));
        Assert.True(matcher.IsComplete);
        var call = syntax.Read(matcher.Tokens, SampleFunctions.Some).Calls.Single();
        Assert.Equal("set_brightness", call.Name);
        Assert.Equal("""{"light":"desk lamp","brightness":40,"fade":true}""", call.Arguments.GetRawText());
    }

    [Theory]
    [InlineData("trelis", """{"name": "turn_on", "arguments": {"device": "Fan"}}""")]
    [InlineData("llama", """{"name": "turn_on", "parameters": {"device": "oven"}}""")]
    [InlineData("chatml", """{"name": "turn_on", "arguments": {"device": "Fan"}}""")]
    [InlineData("python", """[turn_on(device=true)]""")]
    [InlineData("python", """[set_brightness(light="desk lamp", brightness=101)]""")]
    public void What_is_not_the_familys_own_is_refused(string dialect, string text)
    {
        var (_, matcher) = Open(dialect);
        Assert.False(Encode(text + "<|end|>").All(matcher.TryAccept));
    }

    [Theory]
    [InlineData("trelis")]
    [InlineData("llama")]
    [InlineData("chatml")]
    [InlineData("python")]
    public void Words_are_words_in_every_family(string dialect)
    {
        var (syntax, matcher) = Open(dialect);
        Assert.All(Encode("Sorry, I can't do that.<|end|>"), t => Assert.True(matcher.TryAccept(t)));
        var answer = syntax.Read(matcher.Tokens, SampleFunctions.Some);
        Assert.Empty(answer.Calls);
        Assert.Equal("Sorry, I can't do that.", answer.Words);
    }

    [Fact]
    public void Several_python_calls_and_their_literals_are_read()
    {
        var functions = new[]
        {
            SampleFunctions.Parse("""{"name":"f","parameters":{"type":"object","properties":{"s":{"type":"string"},"l":{"type":"array","items":{"type":"integer"}},"o":{"type":"object","properties":{"k":{"type":["boolean","null"]}},"required":["k"]}}}}"""),
            SampleFunctions.Parse("""{"name":"g"}"""),
        };
        var syntax = new PythonCallSyntax(Tokenizer, "<|end|>");
        var matcher = new TokenMatcher(syntax.Compile(functions, new()), ShippedModel.Index);
        Assert.All(Encode("""[f(s="True, (x) = \"y\"", l=[1, 2], o={"k": None}), g(), f(o={"k": False})]<|end|>"""), t => Assert.True(matcher.TryAccept(t)));
        Assert.Equal(
            ["""f{"s":"True, (x) = \u0022y\u0022","l":[1,2],"o":{"k":null}}""", "g{}", """f{"o":{"k":false}}"""],
            syntax.Read(matcher.Tokens, functions).Calls.Select(c => c.Name + c.Arguments.GetRawText()));
    }

    private static (CallSyntax Syntax, TokenMatcher Matcher) Open(string dialect)
    {
        CallSyntax syntax = dialect switch
        {
            "trelis" => new JsonCallSyntax(Tokenizer, JsonCallShape.Trelis with { End = "<|end|>" }),
            "llama" => new JsonCallSyntax(Tokenizer, JsonCallShape.Llama with { End = "<|end|>" }),
            "chatml" => new JsonCallSyntax(Tokenizer, JsonCallShape.ChatMl with { End = "<|end|>" }),
            _ => new PythonCallSyntax(Tokenizer, "<|end|>"),
        };
        IReadOnlyList<FunctionDefinition> functions = SampleFunctions.Some;
        return (syntax, new TokenMatcher(syntax.Compile(functions, new()), ShippedModel.Index));
    }

    private static List<int> Encode(string template) => TokenMatcherTests.Encode(template);
}
