using System.Text.Json;
using Edge.Runtime.Grammars;
using Xunit;

namespace Edge.Tests.Grammars;

public class ExclusivenessTests
{
    private const string First = """{"type":"object","properties":{"kind":{"const":"a"},"x":{"type":"integer"}},"required":["kind"]}""";

    [Theory]
    [InlineData("""{"type":"string"},{"type":"integer"},{"type":"boolean"},{"type":"null"},{"type":"array"},{"type":"object"}""")]
    [InlineData("""{"type":"integer","maximum":5},{"type":"integer","minimum":6}""")]
    [InlineData("""{"const":"a"},{"enum":["b","c"]}""")]
    [InlineData("""{"type":"string","maxLength":3},{"type":"string","minLength":4}""")]
    [InlineData(First + "," + """{"type":"object","properties":{"kind":{"enum":["b","c"]}},"required":["kind"]}""")]
    public void Alternatives_that_no_value_shares_are_a_choice(string alternatives) => Compile(alternatives);

    [Theory]
    [InlineData("""{"type":"integer"},{"type":"number"}""")]
    [InlineData("""{"type":"integer","maximum":5},{"type":"integer","minimum":5}""")]
    [InlineData("""{"type":"integer"},{"const":12345678901234567890}""")] // beyond the default number of digits, but an integer all the same
    [InlineData("""{"type":"string","pattern":"^a*$"},{"type":"string","pattern":"^a{280}$","maxLength":300}""")] // beyond the default length
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]},{"type":"object","properties":{"b":{"type":"integer"}},"minProperties":1}""")] // {"a":1} satisfies both
    [InlineData("""{"type":"array","minItems":1,"items":{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}},{"type":"array","items":{"type":"object","minProperties":1,"properties":{"b":{}}}}""")] // and [{"a":1}], too
    [InlineData(First + "," + """{"type":"object","properties":{"kind":{"enum":["a","c"]}},"required":["kind"]}""")]
    [InlineData(First + "," + """{"type":"object","properties":{"kind":{"const":"b"}}}""")]
    [InlineData("true,{}")]
    public void Alternatives_that_a_value_may_share_are_refused(string alternatives) =>
        Assert.Equal("/oneOf", Assert.Throws<SchemaFault>(() => Compile(alternatives)).Pointer);

    private static void Compile(string alternatives)
    {
        using var document = JsonDocument.Parse($$"""{"oneOf":[{{alternatives}}]}""");
        Grammar.FromSchema(document.RootElement);
    }
}
