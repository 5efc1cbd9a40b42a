using System.Text.Json;
using System.Text.RegularExpressions;
using Edge.Runtime.Grammars;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>The table of keywords in Edge.Runtime/Grammars/README.md says what the compiler does.</summary>
public sealed partial class KeywordTableTests
{
    // Every keyword of the vocabularies core, applicator, validation, format and content of draft 2020-12, but those that only matter across documents.
    private static readonly Dictionary<string, string> s_examples = new()
    {
        ["type"] = "\"string\"",
        ["enum"] = "[1]",
        ["const"] = "1",
        ["properties"] = "{\"a\":{}}",
        ["required"] = "[\"a\"]",
        ["additionalProperties"] = "false",
        ["minProperties"] = "1",
        ["maxProperties"] = "2",
        ["items"] = "{\"type\":\"null\"}",
        ["prefixItems"] = "[{\"type\":\"null\"}]",
        ["minItems"] = "1",
        ["maxItems"] = "2",
        ["uniqueItems"] = "false",
        ["minLength"] = "1",
        ["maxLength"] = "2",
        ["pattern"] = "\"a\"",
        ["format"] = "\"date\"",
        ["minimum"] = "1",
        ["maximum"] = "2",
        ["exclusiveMinimum"] = "1",
        ["exclusiveMaximum"] = "9",
        ["multipleOf"] = "2",
        ["allOf"] = "[{\"type\":\"null\"}]",
        ["anyOf"] = "[{\"type\":\"null\"}]",
        ["oneOf"] = "[{\"type\":\"null\"}]",
        ["$ref"] = "\"#/$defs/a\"",
        ["$defs"] = "{\"a\":{\"type\":\"null\"}}",
        ["title"] = "\"t\"",
        ["description"] = "\"d\"",
        ["default"] = "1",
        ["examples"] = "[1]",
        ["deprecated"] = "true",
        ["readOnly"] = "true",
        ["writeOnly"] = "true",
        ["$comment"] = "\"c\"",
        ["$schema"] = "\"https://json-schema.org/draft/2020-12/schema\"",
        ["not"] = "{\"type\":\"null\"}",
        ["if"] = "{}",
        ["then"] = "{}",
        ["else"] = "{}",
        ["patternProperties"] = "{}",
        ["propertyNames"] = "{}",
        ["contains"] = "{}",
        ["minContains"] = "1",
        ["maxContains"] = "1",
        ["dependentRequired"] = "{}",
        ["dependentSchemas"] = "{}",
        ["unevaluatedItems"] = "false",
        ["unevaluatedProperties"] = "false",
        ["contentEncoding"] = "\"base64\"",
        ["contentMediaType"] = "\"text/html\"",
        ["$anchor"] = "\"a\"",
        ["$dynamicRef"] = "\"#a\"",
    };

    private static readonly HashSet<string> s_known = [.. Rows().Where(row => !row.Enforced.StartsWith("refused", StringComparison.Ordinal)).SelectMany(row => row.Keywords)];
    private static readonly HashSet<string> s_refused = [.. Rows().Where(row => row.Enforced.StartsWith("refused", StringComparison.Ordinal)).SelectMany(row => row.Keywords)];

    public static TheoryData<string> Keywords => [.. s_examples.Keys];

    [Theory]
    [MemberData(nameof(Keywords))]
    public void A_keyword_is_taken_if_and_only_if_the_table_says_so(string keyword)
    {
        string defs = keyword == "$ref" ? ",\"$defs\":{\"a\":{\"type\":\"null\"}}" : "";
        using var document = JsonDocument.Parse($"{{\"{keyword}\":{s_examples[keyword]}{defs}}}");
        var fault = Record.Exception(() => Grammar.FromSchema(document.RootElement));
        Assert.Equal(s_known.Contains(keyword), fault is null);
        if (fault is not null)
        {
            Assert.Equal("/" + keyword, Assert.IsType<SchemaFault>(fault).Pointer);
        }
    }

    [Fact]
    public void Every_keyword_of_the_table_has_an_example_here()
    {
        Assert.Empty(s_known.Except(s_examples.Keys).Except(["null"]));
        Assert.Empty(s_refused.Except(s_examples.Keys));
        Assert.True(s_known.Count > 30, string.Join(' ', s_known));
    }

    private static IEnumerable<(string[] Keywords, string Enforced)> Rows()
    {
        string table = Repository.Read("Edge.Runtime/Grammars/README.md").Split("## Keywords")[1].Split("\n## ")[0];
        foreach (string line in table.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal)).Skip(1))
        {
            string[] cells = line.Trim('|').Split('|');
            yield return ([.. Word().Matches(Parentheses().Replace(cells[0], "")).Select(m => m.Value)], cells[1].Trim());
        }
    }

    [GeneratedRegex(@"\$?[a-zA-Z]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Parentheses();
}
