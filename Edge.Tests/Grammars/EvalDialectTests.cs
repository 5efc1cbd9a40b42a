using System.Text;
using Edge.Runtime.Grammars;
using Edge.Tests.Fakes;
using Edge.Tests.Grammars.Reference;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>The suites' right answers in each family's own spelling, token by token under the grammar of the row's whole catalogue, and read back.</summary>
public sealed class EvalDialectTests(ITestOutputHelper output)
{
    /// <summary>Every so many answers, as each has a catalogue to compile; EDGE_FULL=1 takes all.</summary>
    private static readonly int s_every = Environment.GetEnvironmentVariable("EDGE_FULL") == "1" ? 1 : 25;

    [Theory]
    [InlineData("edge")]
    [InlineData("trelis")]
    [InlineData("llama")]
    [InlineData("chatml")]
    [InlineData("python")]
    public void Every_expected_answer_is_accepted_and_read_back_in(string dialect)
    {
        var rows = EvalAnswers.Rows().ToDictionary(row => row.Id);
        int said = 0;
        foreach (var answer in EvalAnswers.All().Where((answer, i) => i % s_every == 0 && answer.Texts.Count > 0))
        {
            var functions = rows[answer.Row].Tools;
            var syntax = Syntax(dialect);
            var matcher = new TokenMatcher(syntax.Compile(functions, new GrammarOptions()), ShippedModel.Index);
            var arguments = (JsonTerm.Map)JsonReader.TryRead(answer.Texts[0])!;
            string text = Say(dialect, answer.Function, arguments) + "<|end|>";
            foreach (int token in TokenMatcherTests.Encode(text))
            {
                Assert.True(matcher.Mask()[token] && matcher.TryAccept(token), $"{answer.Row}: token {matcher.Tokens.Length} of {text}");
            }

            Assert.True(matcher.IsComplete, text);
            var call = syntax.Read(matcher.Tokens, functions).Calls.Single();
            Assert.Equal(answer.Function, call.Name);
            Assert.True(JsonTerm.Same(arguments, JsonReader.Read(call.Arguments.GetRawText())), $"{answer.Row}: {call.Arguments.GetRawText()}");
            said++;
        }

        output.WriteLine($"{said} answers in {dialect}.");
        Assert.True(said > 50);
    }

    private static CallSyntax Syntax(string dialect) => dialect switch
    {
        "edge" => new EdgeCallSyntax(ShippedModel.Tokenizer),
        "trelis" => new JsonCallSyntax(ShippedModel.Tokenizer, JsonCallShape.Trelis with { End = "<|end|>" }),
        "llama" => new JsonCallSyntax(ShippedModel.Tokenizer, JsonCallShape.Llama with { End = "<|end|>" }),
        "chatml" => new JsonCallSyntax(ShippedModel.Tokenizer, JsonCallShape.ChatMl with { End = "<|end|>" }),
        _ => new PythonCallSyntax(ShippedModel.Tokenizer, "<|end|>"),
    };

    private static string Say(string dialect, string name, JsonTerm.Map arguments) => dialect switch
    {
        "edge" => $$"""<|call|>{"name":"{{name}}","arguments":{{JsonWriter.Text(arguments)}}}""",
        "trelis" => $$"""{"function": "{{name}}", "arguments": {{Spaced(arguments)}}}""",
        "llama" => $$"""{"name": "{{name}}", "parameters": {{Spaced(arguments)}}}""",
        "chatml" => $"<tool_call>\n{{\"name\": \"{name}\", \"arguments\": {Spaced(arguments)}}}\n</tool_call>",
        _ => $"[{name}({string.Join(", ", arguments.Members.Select(m => m.Key + "=" + Spaced(m.Value, python: true)))})]",
    };

    private static string Spaced(JsonTerm value, bool python = false) => value switch
    {
        JsonTerm.Map map => "{" + string.Join(", ", map.Members.Select(m => JsonWriter.Text(new JsonTerm.Chars(m.Key)) + ": " + Spaced(m.Value, python))) + "}",
        JsonTerm.List list => "[" + string.Join(", ", list.Items.Select(item => Spaced(item, python))) + "]",
        JsonTerm.Flag flag when python => flag.Value ? "True" : "False",
        JsonTerm.Null when python => "None",
        _ => JsonWriter.Text(value),
    };
}
