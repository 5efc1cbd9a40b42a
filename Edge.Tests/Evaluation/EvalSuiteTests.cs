using Edge.Runtime.Evaluation;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Evaluation;

public class EvalSuiteTests
{
    private const string Good = """{"id":"a","tools":[],"messages":[{"role":"user","content":"hello"}],"expected":[]}""";

    [Theory]
    [InlineData("{", "s.jsonl, line 2: not JSON at byte 1; write one JSON object a line.")]
    [InlineData("[]", "s.jsonl, line 2: a row is a JSON object with id, tools, messages and expected, not an empty array.")]
    [InlineData("""{"id":7}""", "s.jsonl, line 2: \"id\" of the row is a number; write a string.")]
    [InlineData("""{"id":"a","messages":[],"expected":[]}""", "s.jsonl, line 2: the row has no \"tools\".")]
    [InlineData("""{"id":"a","tools":[{}],"messages":[],"expected":[]}""", "s.jsonl, line 2: A function needs a \"name\" that is a string.")]
    [InlineData("""{"id":"a","tools":[],"messages":[{"role":"robot","content":"x"}],"expected":[]}""", "s.jsonl, line 2: messages[0].role is \"robot\"; use system, user, assistant or tool.")]
    [InlineData("""{"id":"a","tools":[],"messages":["x"],"expected":[]}""", "s.jsonl, line 2: messages[0] is a string; write an object with \"role\".")]
    [InlineData("""{"id":"a","tools":[],"messages":[],"expected":[{"name":"f","arguments":{"x":5}}]}""", "s.jsonl, line 2: expected[0].arguments.x is a number; write the list of accepted values, null in it for \"may be left out\".")]
    [InlineData("""{"id":"a","tools":[],"messages":[],"expected":[{"name":"f","arguments":{"x":[]}}]}""", "s.jsonl, line 2: expected[0].arguments.x is an empty array; write the list of accepted values, null in it for \"may be left out\".")]
    [InlineData("""{"id":"\ud800"}""", "s.jsonl, line 2: a string holds half a surrogate pair (\\ud800 to \\udfff alone); write the whole character.")]
    public void A_fault_names_file_line_and_way_out(string line, string message)
    {
        var fault = Assert.Throws<EvalFault>(() => EvalSuite.Read("s.jsonl", new StringReader(Good + "\n" + line)));
        Assert.Equal(message, fault.Message);
        Assert.Equal(2, fault.Line);
    }

    [Fact]
    public void An_empty_file_is_a_fault() => Assert.Throws<EvalFault>(() => EvalSuite.Read("s.jsonl", new StringReader("\n\n")));

    [Fact]
    public void The_limit_counts_rows() => Assert.Equal(2, EvalSuite.Read("s.jsonl", new StringReader($"{Good}\n\n{Good}\n{Good}"), rowsMax: 2).Rows.Count);

    [Fact]
    public void An_assistants_calls_and_their_results_are_read()
    {
        const string Row = """{"id":"a","tools":[],"messages":[{"role":"user","content":"u"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},{"role":"tool","content":"{\"ok\":true}"}],"expected":[]}""";
        var row = EvalSuite.Read("s.jsonl", new StringReader(Row)).Rows[0];
        Assert.Equal(["user", "assistant", "tool"], row.Messages.Select(message => message.Role));
        Assert.Equal("f", row.Messages[1].Calls[0].Name);
        Assert.Equal(1, row.Messages[1].Calls[0].Arguments.GetProperty("x").GetInt32());
        Assert.Equal("u", row.UserText);
    }

    [Fact]
    public void Every_shared_suite_is_read()
    {
        string folder = SharedFolder.FindOrSkip("eval");
        int rows = Directory.GetFiles(folder, "*.jsonl").Sum(file => EvalSuite.Read(file).Rows.Count);
        Assert.True(rows >= 1300, $"{rows} rows");
    }
}
