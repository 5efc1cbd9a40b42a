using System.Text;
using System.Text.Json;
using Edge.Runtime.Grammars;
using Edge.Runtime.Tokens;
using Edge.Tests.Fakes;
using Edge.Tests.Grammars.Reference;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>The tools and right answers of the evaluation suites, against the grammar of each tool's parameters.</summary>
public class EvalSchemaTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_tools_parameters_compile()
    {
        var faults = new List<string>();
        int tools = 0;
        foreach (var (row, tool) in EvalAnswers.Rows().SelectMany(row => row.Tools.Select(tool => (row, tool))))
        {
            tools++;
            try
            {
                Grammar.FromSchema(tool.Parameters);
            }
            catch (SchemaFault fault)
            {
                faults.Add($"{row.Id} {tool.Name}: {fault.Message}");
            }
        }

        output.WriteLine($"{tools} tools compiled.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Every_expected_answer_that_its_schema_allows_is_accepted_byte_by_byte()
    {
        int accepted = 0;
        var refused = new List<string>();
        var inexpressible = new List<string>();
        foreach (var answer in EvalAnswers.All())
        {
            if (answer.Texts.Count == 0)
            {
                inexpressible.Add($"{answer.Row}: {answer.Function}");
            }

            var matcher = new TextMatcher(Compile(answer.Schema));
            foreach (byte[] text in answer.Texts)
            {
                matcher.Reset();
                int read = text.TakeWhile(matcher.TryAccept).Count();
                if (read == text.Length && matcher.IsAccepting)
                {
                    accepted++;
                }
                else
                {
                    refused.Add($"{answer.Row}: {Encoding.UTF8.GetString(text)} at byte {read} of {answer.Schema}");
                }
            }
        }

        output.WriteLine($"{accepted} answers accepted. No expected value is valid under the declared schema:\n{string.Join('\n', inexpressible)}");
        Assert.True(refused.Count == 0, string.Join('\n', refused));
        Assert.InRange(inexpressible.Count, 0, 2);
    }

    [Fact]
    public void Every_expected_answer_that_its_schema_allows_is_accepted_token_by_token()
    {
        var tokenizer = TokenizerFiles.Load(SharedFolder.FindOrSkip("models/edge-38m"));
        var index = new TokenIndex(tokenizer.Vocabulary);
        var refused = new List<string>();
        foreach (var answer in EvalAnswers.All().Where(answer => answer.Texts.Count > 0))
        {
            // The masks of all combinations would take minutes; the first one of each call is the one a model should say.
            string text = Encoding.UTF8.GetString(answer.Texts[0]);
            List<int> tokens = [];
            tokenizer.EncodeText(text, tokens);
            var matcher = new TokenMatcher(Compile(answer.Schema), index);
            if (!tokens.All(token => matcher.Mask()[token] && matcher.TryAccept(token)) || !matcher.IsAccepting)
            {
                refused.Add($"{answer.Row}: {text} at token {matcher.Tokens.Length} of {tokens.Count}: {answer.Schema}");
            }
        }

        Assert.True(refused.Count == 0, string.Join('\n', refused));
    }

    private static Grammar Compile(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return Grammar.FromSchema(document.RootElement);
    }
}
