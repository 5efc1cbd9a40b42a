using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Edge.Runtime.Grammars;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>Schemas written to break a compiler: each is compiled, or refused with one line and a pointer, in bounded time and memory.</summary>
public sealed class HostileSchemaTests(ITestOutputHelper output)
{
    // Generous, since machines of CI are shared; the figures of each case are printed.
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(20);
    private const long BytesMax = 1L << 30;

    /// <summary>What a schema is, its text, and the pointer of its refusal; null where it is simply right.</summary>
    public static TheoryData<string, string?> Cases => new()
    {
        { "arrays in arrays, 2,000 deep", "depth" },
        { "objects in objects, 2,000 deep", "depth" },
        { "not deep at all, but 60 levels", null },
        { "an enumeration of 10,000 values", null },
        { "an enumeration of 10,000 values in any case", null },
        { "an enumeration value of 200,000 characters", null },
        { "an empty enumeration", "" },
        { "10,000 properties", "any" },
        { "500 properties", null },
        { "2,000 required properties", null },
        { "10,000 prefix items", "any" },
        { "a pattern with 20,000 open groups", "/pattern" },
        { "a pattern with 900 open groups", null },
        { "a pattern of 20,000 optional letters", "/pattern" },
        { "a pattern whose automaton doubles with every letter", "/pattern" },
        { "nested quantifiers", "any" },
        { "a quantifier of 10,000 times 10,000", "any" },
        { "a huge quantifier", "/pattern" },
        { "allOf of 12 anyOf of 12", "any" },
        { "anyOf of 5,000", null },
        { "oneOf of 300", "any" },
        { "allOf of 5,000 patterns", "any" },
        { "minItems 1e9", "/minItems" },
        { "minItems 1e999", "/minItems" },
        { "minLength 1e9", "/minLength" },
        { "maxLength 1e9", null },
        { "maxLength 1e9 beside a pattern", "any" },
        { "maxItems 1e18", null },
        { "integers beyond 2^63", null },
        { "integers beyond 2^63 from both sides", null },
        { "multipleOf 1e-300", "/multipleOf" },
        { "multipleOf 0", "/multipleOf" },
        { "multipleOf 9999 and 9973", "any" },
        { "a number of a million digits", "/minimum" },
        { "an exponent of a billion", "/maximum" },
        { "a default of 1e999", "/default" },
        { "a reference to itself", "" },
        { "a cycle of two references", "" },
        { "a list of itself", null },
        { "a tree of references that doubles 40 times", null },
        { "30 definitions that all name each other", "any" },
        { "a chain of 5,000 references", "any" },
        { "a name twice", "/properties/a" },
        { "a keyword twice", "/type" },
        { "half a surrogate pair", "/enum/0" },
        { "uniqueItems of thousands", "/uniqueItems" },
        { "a schema that is a number", "" },
        { "a type that is a list of nothing", "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bounded_time_and_memory_and_one_clear_refusal(string name, string? pointer)
    {
        using var document = JsonDocument.Parse(Schema(name), new JsonDocumentOptions { MaxDepth = 100_000 });
        var options = new GrammarOptions { EnumIgnoreCase = name.EndsWith("any case", StringComparison.Ordinal) };
        long start = Stopwatch.GetTimestamp(), bytes = GC.GetAllocatedBytesForCurrentThread();
        var fault = Record.Exception(() =>
        {
            // Its first states belong to the cost, too: they are worked out while a model waits.
            var matcher = new TextMatcher(Grammar.FromSchema(document.RootElement, options));
            for (int i = 0; i < 200 && !matcher.IsFaulted; i++)
            {
                byte next = (byte)Enumerable.Range(0, 256).FirstOrDefault(b => matcher.IsLegal((byte)b));
                matcher.TryAccept(next);
            }
        });
        var took = Stopwatch.GetElapsedTime(start);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {took.TotalMilliseconds:0} ms, {bytes >> 20} MiB, {fault?.Message ?? "compiled"}"));
        Assert.True(took < s_most, $"{took}");
        Assert.True(bytes < BytesMax, $"{bytes >> 20} MiB");
        if (pointer is null)
        {
            Assert.Null(fault);
            return;
        }

        if (pointer != "any" || fault is not null)
        {
            var refusal = Assert.IsType<SchemaFault>(fault);
            Assert.DoesNotContain('\n', refusal.Message);
            Assert.InRange(refusal.Reason.Length, 10, 400);
            if (pointer is not ("any" or "depth"))
            {
                Assert.Equal(pointer, refusal.Pointer);
            }
        }
    }

    private static string Schema(string name) => name switch
    {
        "arrays in arrays, 2,000 deep" => Nest(2_000, """{"items":""", "}"),
        "objects in objects, 2,000 deep" => Nest(2_000, """{"properties":{"a":""", "}}"),
        "not deep at all, but 60 levels" => Nest(60, """{"type":"array","items":""", "}"),
        "an enumeration of 10,000 values" or "an enumeration of 10,000 values in any case" => $$"""{"enum":[{{Join(10_000, i => $"\"value number {i * 7919 % 10_000}\"")}}]}""",
        "an enumeration value of 200,000 characters" => $$"""{"enum":["{{new string('a', 200_000)}}","b"]}""",
        "an empty enumeration" => """{"enum":[]}""",
        "500 properties" => $$$"""{"type":"object","properties":{ {{{Join(500, i => $"\"p{i}\":{{\"type\":\"integer\"}}")}}} } }""",
        "10,000 properties" => $$$"""{"type":"object","properties":{ {{{Join(10_000, i => $"\"p{i}\":{{\"type\":\"integer\"}}")}}} } }""",
        "2,000 required properties" => $$$"""{"type":"object","properties":{ {{{Join(2_000, i => $"\"p{i}\":{{\"type\":\"integer\"}}")}}} },"required":[{{{Join(2_000, i => $"\"p{i}\"")}}}]}""",
        "10,000 prefix items" => $$"""{"type":"array","prefixItems":[{{Join(10_000, _ => "{\"type\":\"null\"}")}}]}""",
        "a pattern with 20,000 open groups" => $$"""{"type":"string","pattern":"{{new string('(', 20_000)}}a{{new string(')', 20_000)}}"}""",
        "a pattern with 900 open groups" => $$"""{"type":"string","pattern":"{{new string('(', 900)}}a{{new string(')', 900)}}"}""",
        "a pattern of 20,000 optional letters" => $$"""{"type":"string","pattern":"^{{string.Concat(Enumerable.Repeat("a?", 20_000))}}$"}""",
        "a pattern whose automaton doubles with every letter" => """{"type":"string","pattern":"^(a|b)*a(a|b){40}$"}""",
        "nested quantifiers" => """{"type":"string","pattern":"^((((a*)*)*)*b+)+$"}""",
        "a quantifier of 10,000 times 10,000" => """{"type":"string","pattern":"^(a{10000}){10000}$"}""",
        "a huge quantifier" => """{"type":"string","pattern":"^a{1000000000}$"}""",
        "allOf of 12 anyOf of 12" => $$"""{"allOf":[{{Join(12, i => $"{{\"anyOf\":[{Join(12, k => $"{{\"minimum\":{(i * 31) + k}}}")}]}}")}}]}""",
        "anyOf of 5,000" => $$"""{"anyOf":[{{Join(5_000, i => $"{{\"const\":{i}}}")}}]}""",
        "oneOf of 300" => $$"""{"oneOf":[{{Join(300, i => $"{{\"const\":{i}}}")}}]}""",
        "allOf of 5,000 patterns" => $$"""{"type":"string","allOf":[{{Join(5_000, i => $"{{\"pattern\":\"^[^{(char)('a' + (i % 26))}]\"}}")}}]}""",
        "minItems 1e9" => """{"type":"array","minItems":1e9}""",
        "minItems 1e999" => """{"type":"array","minItems":1e999}""",
        "minLength 1e9" => """{"type":"string","minLength":1000000000}""",
        "maxLength 1e9" => """{"type":"string","maxLength":1000000000}""",
        "maxLength 1e9 beside a pattern" => """{"type":"string","maxLength":1000000000,"pattern":"^[a-z]+$"}""",
        "maxItems 1e18" => """{"type":"array","maxItems":1e18}""",
        "integers beyond 2^63" => """{"type":"integer","minimum":9223372036854775808,"maximum":99999999999999999999999}""",
        "integers beyond 2^63 from both sides" => """{"type":"integer","minimum":-99999999999999999999999,"maximum":99999999999999999999999}""",
        "multipleOf 1e-300" => """{"type":"number","multipleOf":1e-300}""",
        "multipleOf 0" => """{"type":"number","multipleOf":0}""",
        "multipleOf 9999 and 9973" => """{"type":"integer","allOf":[{"multipleOf":9999},{"multipleOf":9973}]}""",
        "a number of a million digits" => $$"""{"type":"integer","minimum":{{new string('9', 1_000_000)}}}""",
        "an exponent of a billion" => """{"type":"number","maximum":1e1000000000}""",
        "a default of 1e999" => """{"type":"number","default":1e999}""",
        "a reference to itself" => """{"$ref":"#"}""",
        "a cycle of two references" => """{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}""",
        "a list of itself" => """{"type":"array","items":{"$ref":"#"}}""",
        "a tree of references that doubles 40 times" => $$$"""{"$ref":"#/$defs/d0","$defs":{ {{{Join(40, i => $"\"d{i}\":{{\"type\":\"object\",\"properties\":{{\"a\":{{\"$ref\":\"#/$defs/d{i + 1}\"}},\"b\":{{\"$ref\":\"#/$defs/d{i + 1}\"}}}}}}")}}},"d40":{"type":"null"} } }""",
        "30 definitions that all name each other" => $$$"""{"$ref":"#/$defs/d0","$defs":{ {{{Join(30, i => $"\"d{i}\":{{\"anyOf\":[{{\"type\":\"null\"}},{Join(30, k => $"{{\"type\":\"array\",\"items\":{{\"$ref\":\"#/$defs/d{k}\"}}}}")}]}}")}}} } }""",
        "a chain of 5,000 references" => $$$"""{"$ref":"#/$defs/d0","$defs":{ {{{Join(5_000, i => $"\"d{i}\":{{\"type\":\"array\",\"items\":{{\"$ref\":\"#/$defs/d{i + 1}\"}}}}")}}},"d5000":{"type":"null"} } }""",
        "a name twice" => """{"properties":{"a":{"type":"string"},"b":{},"a":{"type":"null"}}}""",
        "a keyword twice" => """{"type":"string","type":"null"}""",
        "half a surrogate pair" => """{"enum":["\ud800","b"]}""",
        "uniqueItems of thousands" => $$"""{"type":"array","uniqueItems":true,"items":{"enum":[{{Join(5_000, i => $"{i}")}}] } }""",
        "a schema that is a number" => "12",
        "a type that is a list of nothing" => """{"type":[]}""",
        _ => throw new ArgumentException(name),
    };

    private static string Nest(int depth, string before, string after) =>
        string.Concat(Enumerable.Repeat(before, depth)) + """{"type":"null"}""" + string.Concat(Enumerable.Repeat(after, depth));

    private static string Join(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));
}
