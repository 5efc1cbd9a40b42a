using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;
using Edge.Runtime.Models;
using Edge.Runtime.Models.RandomModels;
using Edge.Runtime.Tokens;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Grammars;

public sealed class FunctionGemmaCallSyntaxTests : IDisposable
{
    private static readonly FunctionDefinition[] _functions =
    [
        SampleFunctions.SetBrightness,
        SampleFunctions.Parse("""{"name":"f","parameters":{"type":"object","properties":{"z":{"type":"string"},"l":{"type":"array","items":{"type":"string","enum":["A","b"]}},"o":{"type":"object","properties":{"k":{"type":["boolean","null"]},"a":{"type":"number"}},"required":["k"]}}}}"""),
        SampleFunctions.Parse("""{"name":"g"}"""),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Tokenizer _tokenizer;
    private readonly FunctionGemmaCallSyntax _syntax;

    public FunctionGemmaCallSyntaxTests()
    {
        StandInTokenizer.Write(_folder.File("tokenizer.json"), 800, Dialect.FunctionGemma.Markers);
        _tokenizer = TokenizerFiles.Load(_folder.FullName);
        _syntax = new FunctionGemmaCallSyntax(_tokenizer);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("call:set_brightness{brightness:40,fade:true,light:<escape>desk lamp<escape>}", """set_brightness{"brightness":40,"fade":true,"light":"desk lamp"}""")]
    [InlineData("call:set_brightness{brightness:40,light:<escape>DESK lamp<escape>}", """set_brightness{"brightness":40,"light":"desk lamp"}""")]
    [InlineData("""call:f{l:[<escape>A<escape>,<escape>b<escape>],o:{a:1.5,k:null},z:<escape>it is "so", {x:[1]} \n<escape>}""", """f{"l":["A","b"],"o":{"a":1.5,"k":null},"z":"it is \u0022so\u0022, {x:[1]} \\n"}""")]
    [InlineData("call:f{}", "f{}")]
    [InlineData("call:f{z:<escape><escape>}", """f{"z":""}""")]
    [InlineData("call:g{}", "g{}")]
    public void A_call_is_accepted_and_read_back(string text, string expected)
    {
        var tokens = Accept($"<start_function_call>{text}<end_function_call><start_function_response>");
        Assert.NotNull(tokens);
        var call = _syntax.Read(tokens, _functions).Calls.Single();
        Assert.Equal(expected, call.Name + call.Arguments.GetRawText());
    }

    [Fact]
    public void Several_calls_stand_side_by_side()
    {
        var tokens = Accept("<start_function_call>call:g{}<end_function_call><start_function_call>call:f{}<end_function_call><start_function_response>");
        Assert.Equal(["g", "f"], _syntax.Read(tokens!, _functions).Calls.Select(c => c.Name));
    }

    [Fact]
    public void Words_end_the_turn() => Assert.Equal("I cannot do that.", _syntax.Read(Accept("I cannot do that.<end_of_turn>")!, _functions).Words);

    [Theory]
    [InlineData("<start_function_call>call:set_brightness{light:<escape>desk lamp<escape>,brightness:40}<end_function_call><start_function_response>")]
    [InlineData("<start_function_call>call:set_brightness{brightness:101,light:<escape>desk lamp<escape>}<end_function_call><start_function_response>")]
    [InlineData("<start_function_call>call:set_brightness{brightness:40,light:\"desk lamp\"}<end_function_call><start_function_response>")]
    [InlineData("<start_function_call>call:set_brightness{brightness:40,light:<escape>oven<escape>}<end_function_call><start_function_response>")]
    [InlineData("<start_function_call>call:set_brightness{\"brightness\":40,light:<escape>desk lamp<escape>}<end_function_call><start_function_response>")]
    [InlineData("<start_function_call>call:g{}<end_function_call><end_of_turn>")]
    [InlineData("<start_function_call>call:h{}<end_function_call><start_function_response>")]
    public void What_is_not_the_familys_own_is_refused(string text) => Assert.Null(Accept(text));

    private int[]? Accept(string text)
    {
        var ids = new List<int>();
        _tokenizer.EncodeTemplate(text, ids);
        var matcher = new TokenMatcher(_syntax.Compile(_functions, new GrammarOptions { EnumIgnoreCase = true }), new TokenIndex(_tokenizer.Vocabulary));
        return ids.All(matcher.TryAccept) && matcher.IsComplete ? [.. ids] : null;
    }
}
