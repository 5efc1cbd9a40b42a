using System.Text;
using System.Text.Json;
using Edge.Runtime.Grammars;
using Xunit;

namespace Edge.Tests.Grammars;

public class ListedValueTests
{
    [Theory]
    [InlineData("""{"enum":["Kitchen","Bad lamp"]}""", "\"kitchen\"", true)]
    [InlineData("""{"enum":["Kitchen","Bad lamp"]}""", "\"KITCHEN\"", true)]
    [InlineData("""{"enum":["Kitchen","Bad lamp"]}""", "\"kitchens\"", false)]
    [InlineData("""{"enum":["Küche"]}""", "\"KÜCHE\"", true)]
    [InlineData("""{"enum":["on","ON"]}""", "\"on\"", true)]
    [InlineData("""{"enum":["on","ON"]}""", "\"On\"", false)] // of two values that differ in case only, each is taken as written
    [InlineData("""{"type":"string"}""", "\"Any Case\"", true)]
    [InlineData("""{"const":true}""", "TRUE", false)]
    public void Listed_strings_match_without_regard_to_case_where_asked(string schema, string text, bool accepted) =>
        Assert.Equal(accepted, Accepts(schema, text, new GrammarOptions { EnumIgnoreCase = true }));

    [Theory]
    [InlineData("""{"$schema":"x","$comment":"y","const":{"b":1,"a":[]}}""", """{"b":1,"a":[]}""", true)]
    [InlineData("""{"const":{"b":1,"a":[]}}""", """{"a":[],"b":1}""", false)] // listed objects are written as listed
    [InlineData("""{"anyOf":[{"const":{"a":1}},{"type":"integer"}]}""", """{"a":1}""", true)]
    [InlineData("""{"enum":[12345678901234567890],"minimum":5}""", "12345678901234567890", true)]
    [InlineData("""{"enum":[1.50,2]}""", "1.5", true)]
    [InlineData("""{"enum":[1.50,2]}""", "1.50", false)] // one spelling each
    [InlineData("""{"enum":[1.50,2]}""", "2.0", false)]
    [InlineData("""{"enum":[1e2]}""", "100", true)]
    public void Listed_values_have_one_spelling(string schema, string text, bool accepted) => Assert.Equal(accepted, Accepts(schema, text, GrammarOptions.Default));

    private static bool Accepts(string schema, string text, GrammarOptions options)
    {
        using var document = JsonDocument.Parse(schema);
        var matcher = new TextMatcher(Grammar.FromSchema(document.RootElement, options));
        return Encoding.UTF8.GetBytes(text).All(matcher.TryAccept) && matcher.IsAccepting;
    }
}
