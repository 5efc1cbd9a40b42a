using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Runtime.Grammars;
using Edge.Tests.Fakes;
using Edge.Tests.Grammars.Reference;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>JSON-Schema-Test-Suite, draft 2020-12 (json-schema-org, MIT), read from beside the checkout.</summary>
public class JsonSchemaSuiteTests(ITestOutputHelper output)
{
    private sealed record Case(string Keyword, string Group, string Schema, string Test, JsonTerm Value, bool Valid);

    [Fact]
    public void The_judges_validator_agrees_with_the_suite()
    {
        int agreed = 0;
        var unknown = new HashSet<string>();
        foreach (var one in Cases())
        {
            try
            {
                Assert.True(new Judge(one.Schema).IsValid(one.Value) == one.Valid, $"{one.Keyword}: {one.Group}: {one.Test}");
                agreed++;
            }
            catch (NotSupportedException)
            {
                unknown.Add(one.Schema);
            }
        }

        output.WriteLine($"{agreed} instances agreed; {unknown.Count} schemas hold what the judge does not know.");
        Assert.InRange(agreed, 700, int.MaxValue);
    }

    [Fact]
    public void The_grammar_agrees_with_the_suite_or_refuses_the_schema()
    {
        var disagreements = new List<string>();
        var refusals = new List<string>();
        var table = new StringBuilder("| keyword | schemas | refused | valid, accepted | valid, not canonical | invalid, rejected |\n| --- | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var keyword in Cases().GroupBy(one => one.Keyword))
        {
            int schemas = 0, refused = 0, accepted = 0, foreign = 0, rejected = 0;
            foreach (var group in keyword.GroupBy(one => one.Group))
            {
                schemas++;
                if (Compile(group.First().Schema, out var fault) is not { } grammar)
                {
                    refused++;
                    refusals.Add($"{keyword.Key}: {group.Key}: {fault}");
                    continue;
                }

                foreach (var one in group)
                {
                    bool taken = Spellings.Of(one.Value).Any(text => Accepts(grammar, text));
                    bool due = one.Valid && Spellings.Of(one.Value).Any(new Judge(one.Schema).Accepts);
                    accepted += taken && one.Valid ? 1 : 0;
                    rejected += !taken && !one.Valid ? 1 : 0;
                    foreign += !taken && one.Valid && !due ? 1 : 0;
                    if (taken != due)
                    {
                        disagreements.Add($"{keyword.Key}: {group.Key}: {one.Test}: {JsonWriter.Text(one.Value)} is {(one.Valid ? "valid" : "invalid")}, judge {due}, grammar {taken}");
                    }
                }
            }

            table.Append(CultureInfo.InvariantCulture, $"| {keyword.Key} | {schemas} | {refused} | {accepted} | {foreign} | {rejected} |\n");
        }

        output.WriteLine(table.ToString());
        output.WriteLine(string.Join('\n', refusals));
        Assert.True(disagreements.Count == 0, string.Join('\n', disagreements));
    }

    private static Grammar? Compile(string schema, out string? fault)
    {
        fault = null;
        try
        {
            using var document = JsonDocument.Parse(schema);
            return Grammar.FromSchema(document.RootElement);
        }
        catch (SchemaFault refusal)
        {
            fault = refusal.Message;
            return null;
        }
    }

    private static bool Accepts(Grammar grammar, byte[] text)
    {
        var matcher = new TextMatcher(grammar);
        return text.All(matcher.TryAccept) && matcher.IsAccepting;
    }

    private static IEnumerable<Case> Cases()
    {
        string folder = SharedFolder.FindOrSkip("schemas/draft2020-12");
        foreach (string file in Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (var group in Schema.Items(JsonReader.TryRead(File.ReadAllBytes(file))!).Cast<JsonTerm.Map>())
            {
                foreach (var test in Schema.Items(group["tests"]!).Cast<JsonTerm.Map>())
                {
                    yield return new Case(
                        Path.GetFileNameWithoutExtension(file),
                        ((JsonTerm.Chars)group["description"]!).Value,
                        JsonWriter.Text(group["schema"]!),
                        ((JsonTerm.Chars)test["description"]!).Value,
                        test["data"]!,
                        ((JsonTerm.Flag)test["valid"]!).Value);
                }
            }
        }
    }
}
