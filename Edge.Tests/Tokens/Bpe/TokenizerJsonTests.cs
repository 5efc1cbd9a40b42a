using System.Text.Json.Nodes;
using CsCheck;
using Edge.Runtime.Tokens;
using Edge.Runtime.Tokens.Bpe;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Tokens.Bpe;

/// <summary>Small vocabularies whose ids can be told by hand, and files that are not right.</summary>
public sealed class TokenizerJsonTests : IDisposable
{
    private const string Small = """
        {"added_tokens":[{"id":9,"content":"<end>","special":true}],"normalizer":null,
        "pre_tokenizer":{"type":"Split","pattern":{"String":" "},"behavior":"MergedWithNext","invert":false},
        "model":{"type":"BPE","unk_token":"?","fuse_unk":true,"vocab":{"?":0,"a":1,"b":2," ":3,"ab":4,"ba":5," a":6,"bab":7},"merges":["b a","a b"]}}
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "model.type", "\"Unigram\"", "model.type is Unigram, which Edge does not have; it knows BPE" },
        { "model.vocab", "[]", "model.vocab is [], but must be an object" },
        { "model.vocab", """{"a":-1}""", "must be a token id" },
        { "model.vocab", """{"a":99999999}""", "must be a token id" },
        { "model.vocab", "{}", "some text could not be written" },
        { "model.merges", """["ab"]""", "model.merges[0] is \"ab\", but must be two tokens with a space in between" },
        { "model.merges", """[["a","x"]]""", "two tokens whose joined text is a token" },
        { "model.merges", "[7]", "must be two tokens" },
        { "model.merges", "7", "model.merges is 7, but must be a list" },
        { "model.continuing_subword_prefix", "\"##\"", "vocabularies without it" },
        { "model.ignore_merges", "true", "it for byte-level vocabularies" },
        { "model.byte_fallback", "true", "model.vocab has no <0x00>" },
        { "normalizer", """{"type":"Lowercase"}""", "normalizer is Lowercase" },
        { "pre_tokenizer", """{"type":"BertPreTokenizer"}""", "pre_tokenizer is BertPreTokenizer" },
        { "pre_tokenizer", """{"type":"Split","pattern":{"Regex":"(["},"behavior":"Isolated"}""", "a pattern that .NET does not understand" },
        { "pre_tokenizer", """{"type":"Split","pattern":{"Regex":"a"},"behavior":"Contiguous"}""", "behavior is Contiguous" },
        { "pre_tokenizer", """{"type":"ByteLevel"}""", "the token of byte" },
        { "added_tokens", """[{"id":9,"content":"x","lstrip":true}]""", "lstrip is true" },
        { "added_tokens", """[{"content":"x"}]""", "added_tokens[0].id" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a", new[] { 1 })]
    [InlineData("aba", new[] { 1, 5 })] // "b a" is listed first
    [InlineData("bab", new[] { 5, 2 })] // "ba b" is not listed, though "bab" is a token
    [InlineData("ab ab", new[] { 4, 3, 4 })] // nothing merges across a split; " a" has no merge
    [InlineData("xyz😁", new[] { 0 })] // unknown ones are one
    [InlineData("a<end>", new[] { 1, 0 })] // a marker is text here
    [InlineData("", new int[0])]
    public void Merges_are_taken_by_rank_and_only_as_listed(string text, int[] expected)
    {
        File.WriteAllText(_folder.File("tokenizer.json"), Small);
        List<int> ids = [];
        TokenizerFiles.Load(_folder.FullName).EncodeText(text, ids);
        Assert.Equal(expected, ids);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_file_that_is_not_right_is_one_line(string place, string value, string said)
    {
        var json = JsonNode.Parse(Small)!;
        string[] names = place.Split('.');
        (names.Length == 1 ? json : json[names[0]]!)[names[^1]] = JsonNode.Parse(value);
        File.WriteAllText(_folder.File("tokenizer.json"), json.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        string message = Assert.Throws<TokenizerException>(() => BpeTokenizer.Load(_folder.File("tokenizer.json"))).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Bytes_changed_at_random_never_do_more_than_refuse()
    {
        byte[] right = System.Text.Encoding.UTF8.GetBytes(Small);
        Gen.Select(Gen.Int[0, right.Length - 1], Gen.Byte, Gen.Int[0, right.Length]).Sample((at, value, length) =>
        {
            byte[] wrong = right[..Math.Max(at + 1, length)];
            wrong[at] = value;
            string path = _folder.File("random.json");
            File.WriteAllBytes(path, wrong);
            try
            {
                BpeTokenizer.Load(path).EncodeText("ab <end>😁", []);
            }
            catch (TokenizerException)
            {
            }
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void Any_text_comes_back_from_bytes()
    {
        Edge.Runtime.Models.RandomModels.StandInTokenizer.Write(_folder.File("tokenizer.json"), 300);
        var tokenizer = TokenizerFiles.Load(_folder.FullName);
        Gen.String.Sample(text =>
        {
            string valid = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
            List<int> ids = [];
            tokenizer.EncodeText(text, ids);
            return tokenizer.Decode([.. ids]) == valid;
        }, iter: 500, threads: 1);
    }
}
