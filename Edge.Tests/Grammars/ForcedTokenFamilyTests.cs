using System.IO.Compression;
using System.Text;
using Edge.Runtime.Grammars;
using Edge.Runtime.Tokens;
using Edge.Runtime.Tokens.Bpe;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>Forced tokens are the tokenizer's own in every family: SentencePiece (Llama-2, 32,000) and byte-level BPE (Qwen 3, 152,000).</summary>
public sealed class ForcedTokenFamilyTests(ITestOutputHelper output)
{
    private static readonly string[] s_calls =
    [
        """{"name":"turn_on","arguments":{"device":"kitchen light"}}""",
        """{"name":"set_brightness","arguments":{"light":"desk lamp","brightness":40,"fade":true}}""",
        """{"name":"read_temperature","arguments":{"location":"living room"}}""",
        """{"name":"announce","arguments":{"text":"Dinner is ready"}}""",
    ];

    [Theory]
    [InlineData("sentencepiece")]
    [InlineData("byte-level bpe")]
    public void What_is_forced_is_what_the_tokenizer_itself_would_write(string family)
    {
        var tokenizer = Load(family);
        var index = new TokenIndex(tokenizer.Vocabulary);
        var forcing = new ForcedTokens(tokenizer);
        int all = 0, forcedInAll = 0;
        foreach (string call in s_calls)
        {
            var canonical = Canonical(tokenizer, call);
            var matcher = new TokenMatcher(JsonCalls.Compile(SampleFunctions.Some, new GrammarOptions()), index);
            var forced = new List<int>();
            while (matcher.Tokens.Length < canonical.Count)
            {
                forcing.Find(matcher, forced);
                forcedInAll += forced.Count;
                if (forced.Count == 0)
                {
                    forced.Add(canonical[matcher.Tokens.Length]);
                }

                Assert.All(forced, token => Assert.True(matcher.TryAccept(token)));
                Assert.Equal(canonical.Take(matcher.Tokens.Length), matcher.Tokens.ToArray());
            }

            Assert.True(matcher.IsAccepting);
            all += canonical.Count;
        }

        output.WriteLine($"{family}: {forcedInAll} of {all} tokens forced.");
        Assert.True(forcedInAll * 3 > all, $"Only {forcedInAll} of {all} tokens were forced.");
    }

    private static Tokenizer Load(string family)
    {
        if (family == "sentencepiece")
        {
            return SentencePieceTokenizer.Load(SharedFolder.FindOrSkip("tokenizers/llama2-tokenizer.model"));
        }

        using var folder = new TemporaryFolder();
        string path = folder.File(TokenizerFiles.JsonFile);
        using (var packed = new GZipStream(File.OpenRead(SharedFolder.FindOrSkip("tokenizers/qwen3.tokenizer.json.gz")), CompressionMode.Decompress))
        using (var plain = File.Create(path))
        {
            packed.CopyTo(plain);
        }

        return BpeTokenizer.Load(path);
    }

    /// <summary>As the tokenizer segments the text where it stands in an answer: behind a line's end, so that no space is put before it.</summary>
    private static List<int> Canonical(Tokenizer tokenizer, string text)
    {
        List<int> ids = [], before = [];
        tokenizer.EncodeText("\n" + text, ids);
        tokenizer.EncodeText("\n", before);
        ids.RemoveRange(0, before.Count);
        Assert.Equal(text, Encoding.UTF8.GetString([.. ids.SelectMany(id => tokenizer.Vocabulary.Bytes(id).ToArray())]));
        return ids;
    }
}
