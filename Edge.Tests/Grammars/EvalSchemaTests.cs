using System.Text.Json;
using Edge.Runtime.Evaluation;
using Edge.Runtime.Grammars;
using Edge.Tests.Fakes;
using Edge.Tests.Grammars.Reference;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>The tools and right answers of the evaluation suites, against the grammar of each tool's parameters.</summary>
public class EvalSchemaTests(ITestOutputHelper output)
{
    private const int CombinationsMax = 200;

    [Fact]
    public void Every_tools_parameters_compile()
    {
        var faults = new List<string>();
        int tools = 0;
        foreach (var row in Rows())
        {
            foreach (var tool in row.Tools)
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
        }

        output.WriteLine($"{tools} tools compiled.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Every_expected_answer_that_its_schema_allows_is_accepted_byte_by_byte()
    {
        int accepted = 0;
        var outside = new List<string>();
        var refused = new List<string>();
        foreach (var row in Rows())
        {
            foreach (var call in row.Expected)
            {
                string schema = row.Tools.First(tool => tool.Name == call.Name).Parameters.GetRawText();
                var judge = new Judge(schema);
                var values = Answers(call, schema).Take(CombinationsMax).Where(judge.IsValid).ToList();
                if (values.Count == 0)
                {
                    outside.Add($"{row.Id}: {call.Name}: no expected combination is valid under the declared schema");
                }

                using var document = JsonDocument.Parse(schema);
                var grammar = Grammar.FromSchema(document.RootElement);
                foreach (var value in values)
                {
                    byte[] text = JsonWriter.Write(CanonicalForm.Shortest(value));
                    int read = Read(grammar, text);
                    accepted += read < 0 ? 1 : 0;
                    if (read >= 0)
                    {
                        refused.Add($"{row.Id}: {JsonWriter.Text(value)} at byte {read} of {schema}");
                    }
                }
            }
        }

        output.WriteLine($"{accepted} answers accepted. Not expressible:\n{string.Join('\n', outside)}");
        Assert.True(refused.Count == 0, string.Join('\n', refused));
        Assert.InRange(outside.Count, 0, 10);
    }

    // -1 when the text is accepted, else where it stopped being one.
    private static int Read(Grammar grammar, byte[] text)
    {
        var matcher = new TextMatcher(grammar);
        for (int i = 0; i < text.Length; i++)
        {
            if (!matcher.TryAccept(text[i]))
            {
                return i;
            }
        }

        return matcher.IsAccepting ? -1 : text.Length;
    }

    // Every combination of accepted values, arguments in the order in which they are declared, undeclared ones left out.
    private static IEnumerable<JsonTerm> Answers(ExpectedCall call, string schema)
    {
        IEnumerable<List<KeyValuePair<string, JsonTerm>>> all = [[]];
        var properties = (JsonReader.Read(schema) as JsonTerm.Map)?["properties"];
        foreach (var (name, declared) in ((JsonTerm.Map)properties!).Members)
        {
            if (call.Arguments.TryGetValue(name, out var accepted))
            {
                var values = accepted.Select(value => Plain(JsonReader.Read(value.GetRawText()), declared)).ToList();
                all = all.SelectMany(start => values.Select(value =>
                    value is JsonTerm.Null ? start : (List<KeyValuePair<string, JsonTerm>>)[.. start, KeyValuePair.Create(name, value)]));
            }
        }

        return all.Select(members => new JsonTerm.Map(members));
    }

    // Inside expected objects each member is a list of accepted values: the first one is taken, in the order of the schema.
    private static JsonTerm Plain(JsonTerm value, JsonTerm? schema) => value switch
    {
        JsonTerm.List list => new JsonTerm.List([.. list.Items.Select(item => Plain(item, (schema as JsonTerm.Map)?["items"]))]),
        JsonTerm.Map map => new JsonTerm.Map([.. map.Members
            .OrderBy(member => Order(schema, member.Key))
            .Where(member => Schema.Items(member.Value)[0] is not JsonTerm.Null)
            .Select(member => KeyValuePair.Create(member.Key, Plain(Schema.Items(member.Value)[0], ((schema as JsonTerm.Map)?["properties"] as JsonTerm.Map)?[member.Key])))]),
        _ => value,
    };

    private static int Order(JsonTerm? schema, string key)
    {
        var names = ((schema as JsonTerm.Map)?["properties"] as JsonTerm.Map)?.Members.Select(member => member.Key).ToList() ?? [];
        return names.IndexOf(key) is >= 0 and int place ? place : int.MaxValue;
    }

    private static IEnumerable<EvalRow> Rows() => Directory.GetFiles(SharedFolder.FindOrSkip("eval"), "*.jsonl").Order(StringComparer.Ordinal).SelectMany(file => EvalSuite.Read(file).Rows);
}
