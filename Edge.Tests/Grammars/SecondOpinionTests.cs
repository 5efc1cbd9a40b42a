using System.Globalization;
using System.Text.Json;
using Edge.Tests.Grammars.Reference;
using Json.Schema;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>The judge's validator against one by others (JsonSchema.Net), on random schemas and values.</summary>
public class SecondOpinionTests(ITestOutputHelper output)
{
    private const int Schemas = 1000;
    private const int ValuesPerSchema = 8;

    [Fact]
    public void The_judges_validator_agrees_with_JsonSchema_Net()
    {
        var disagreements = new List<string>();
        int valid = 0, invalid = 0;
        for (int seed = 1; seed <= Schemas; seed++)
        {
            var random = new Random(seed);
            var schema = new SchemaMaker(random).Root();
            var judge = new Judge(JsonWriter.Text(schema));
            JsonSchema other;
            try
            {
                other = JsonSchema.FromText(JsonWriter.Text(schema));
            }
            catch (Exception refusal) when (refusal is JsonException or ArgumentException or JsonSchemaException)
            {
                continue;
            }

            // .NET's patterns see UTF-16 units, let $ match before a last line feed and know another \s than ECMA-262: there only plain text is comparable.
            bool plainOnly = JsonWriter.Text(schema).Contains("\"pattern\"", StringComparison.Ordinal);
            var values = new ValueMaker(random, judge.Schema);
            var misses = new NearMiss(random);
            for (int i = 0; i < ValuesPerSchema; i++)
            {
                byte[] text = i % 2 == 0 ? JsonWriter.Write(values.Make()) : misses.Of(values.Make());
                if (plainOnly && !text.All(b => b is >= (byte)' ' and <= (byte)'~' and not (byte)'\\'))
                {
                    continue;
                }

                if (JsonReader.TryRead(text) is { } value && !HasDuplicates(value) && Verdicts(judge, other, value, text) is var (ours, theirs))
                {
                    _ = ours ? valid++ : invalid++;
                    if (ours != theirs)
                    {
                        disagreements.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: ours {ours}, theirs {theirs}: {JsonWriter.Text(value)}\n{JsonWriter.Text(schema)}"));
                    }
                }
            }
        }

        output.WriteLine($"{valid} valid, {invalid} invalid");
        Assert.True(disagreements.Count == 0, string.Join("\n\n", disagreements));
        Assert.InRange(Math.Min(valid, invalid), 300, int.MaxValue);
    }

    // Null where one of the two has no opinion.
    private static (bool Ours, bool Theirs)? Verdicts(Judge judge, JsonSchema other, JsonTerm value, byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return (judge.IsValid(value), other.Evaluate(document.RootElement, new EvaluationOptions { RequireFormatValidation = true }).IsValid);
        }
        catch (Exception none) when (none is NotSupportedException or JsonException or JsonSchemaException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool HasDuplicates(JsonTerm value) => value switch
    {
        JsonTerm.List list => list.Items.Any(HasDuplicates),
        JsonTerm.Map map => map.HasDuplicates || map.Members.Any(member => HasDuplicates(member.Value)),
        _ => false,
    };
}
