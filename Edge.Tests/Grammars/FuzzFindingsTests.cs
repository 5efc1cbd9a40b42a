using System.Text;
using Edge.Runtime.Grammars;
using Edge.Tests.Fuzz;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>What afl-fuzz found (Edge.Tests/Fuzz), each kind once, by name; the targets themselves run here over their seeds, too.</summary>
public sealed class FuzzFindingsTests
{
    [Theory]
    [InlineData("""{"type":"string","enum":["\ud800"]}""", "/enum/0")]
    [InlineData("""{"properties":{"\udc00":{}}}""", "/properties")]
    [InlineData("""{"anyOf":[{"type":"\ud83d"}]}""", "/anyOf/0/type")]
    [InlineData("""{"pattern":"\ud800"}""", "/pattern")]
    [InlineData("""{"$ref":"#/\ud800"}""", "/$ref")]
    public void Half_a_surrogate_pair_is_refused_where_it_stands(string schema, string pointer) => Assert.Equal(pointer, Refusal(Encoding.UTF8.GetBytes(schema)).Pointer);

    [Fact]
    public void Bytes_that_are_no_text_are_refused_where_they_stand() =>
        Assert.Equal("/const", Refusal([.. "{\"const\":\""u8, 0xFF, .. "\"}"u8]).Pointer);

    [Theory]
    [InlineData("""{"type":"array","items":{"enum":[""]},"uniqueItems":{}}""")]
    [InlineData("""{"type":"array","items":{"enum":[""]},"uniqueItems":"true"}""")]
    public void UniqueItems_that_is_neither_true_nor_false_is_refused(string schema) => Assert.Equal("/uniqueItems", Refusal(Encoding.UTF8.GetBytes(schema)).Pointer);

    [Fact]
    public void Both_targets_hold_on_their_seeds()
    {
        using var folder = new Fakes.TemporaryFolder();
        Seeds.Write(folder.FullName);
        Assert.All(Directory.GetFiles(Path.Combine(folder.FullName, "schema")), file => SchemaTarget.Run(File.ReadAllBytes(file)));
        Assert.All(Directory.GetFiles(Path.Combine(folder.FullName, "matcher")), file => MatcherTarget.Run(File.ReadAllBytes(file)));
    }

    private static SchemaFault Refusal(byte[] schema)
    {
        using var document = System.Text.Json.JsonDocument.Parse(schema);
        return Assert.Throws<SchemaFault>(() => Grammar.FromSchema(document.RootElement));
    }
}
