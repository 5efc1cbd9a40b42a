using Edge.Runtime.Evaluation;
using Edge.Tests.Fakes;

namespace Edge.Tests.Grammars.Reference;

/// <summary>The right answers of the evaluation suites as argument objects, written in the order of their schemas.</summary>
internal static class EvalAnswers
{
    private const int CombinationsMax = 200;

    /// <summary>An expected call, the schema of its function's parameters, and every combination of accepted values that the schema allows.</summary>
    public sealed record Answer(string Row, string Function, string Schema, IReadOnlyList<byte[]> Texts);

    public static IEnumerable<EvalRow> Rows() => Directory.GetFiles(SharedFolder.FindOrSkip("eval"), "*.jsonl").Order(StringComparer.Ordinal).SelectMany(file => EvalSuite.Read(file).Rows);

    public static IEnumerable<Answer> All() =>
        from row in Rows()
        from call in row.Expected
        let schema = row.Tools.First(tool => tool.Name == call.Name).Parameters.GetRawText()
        let judge = new Judge(schema)
        select new Answer(row.Id, call.Name, schema, [.. Combinations(call, schema).Take(CombinationsMax).Where(judge.IsValid).Select(value => JsonWriter.Write(CanonicalForm.Shortest(value)))]);

    // Arguments in the order in which they are declared, undeclared ones left out.
    private static IEnumerable<JsonTerm> Combinations(ExpectedCall call, string schema)
    {
        IEnumerable<List<KeyValuePair<string, JsonTerm>>> all = [[]];
        foreach (var (name, declared) in ((JsonReader.Read(schema) as JsonTerm.Map)?["properties"] as JsonTerm.Map)?.Members ?? [])
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
}
