using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Runtime.Tokens;
using Edge.Runtime.Tokens.Bpe;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Tokens.Bpe;

/// <summary>Ids equal those of independent implementations, for every family whose vocabulary is at hand.</summary>
public sealed class TokenizerVectorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama2", 32000)]
    [InlineData("phi-2", 50295)]
    [InlineData("qwen3", 151669)]
    [InlineData("llama3", 128256)]
    [InlineData("gemma3", 262145)]
    public void Every_reference_text_is_encoded_and_decoded(string name, int count)
    {
        var tokenizer = Load(name);
        Assert.Equal(count, tokenizer.Vocabulary.Count);
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.FindOrSkip($"tokenizers/{name}.tokenizer.ref")));
        Assert.NotEqual(0, vectors.RootElement.GetArrayLength());
        foreach (var row in vectors.RootElement.EnumerateArray())
        {
            Encodes(tokenizer, row.GetProperty("t").GetString()!, [.. row.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())]);
        }
    }

    [Fact]
    public void Every_reference_text_of_DeepSeek_Coder_is_encoded_and_decoded()
    {
        string gguf = SharedFolder.FindOrSkip("tokenizers/ggml-vocab-deepseek-coder.gguf");
        File.WriteAllText(_folder.File("tokenizer.json"), DeepSeekJson(Gguf.ReadMetadata(gguf)));
        var tokenizer = BpeTokenizer.Load(_folder.File("tokenizer.json"));
        string[] texts = File.ReadAllText(gguf + ".inp").Split("\n__ggml_vocab_test__\n");
        string[] lines = File.ReadAllText(gguf + ".out").Split('\n');
        for (int i = 0; i < texts.Length; i++)
        {
            Encodes(tokenizer, texts[i], [.. lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);
        }
    }

    [Fact]
    public void Composed_and_decomposed_letters_are_one_to_Qwen()
    {
        var tokenizer = Load("qwen3");
        List<int> composed = [], decomposed = [];
        tokenizer.EncodeText("K\u00FCche \u00E9", composed);
        tokenizer.EncodeText("Ku\u0308che e\u0301", decomposed);
        Assert.Equal(composed, decomposed);
    }

    [Theory]
    [InlineData("llama2")]
    [InlineData("qwen3")]
    [InlineData("llama3")]
    [InlineData("gemma3")]
    public void What_a_user_types_is_never_a_marker(string name)
    {
        var tokenizer = Load(name);
        foreach (string special in tokenizer.Vocabulary.Special.Keys.Take(300))
        {
            string text = $"x{special}{special} y";
            List<int> ids = [];
            tokenizer.EncodeText(text, ids);
            Assert.All(ids, id => Assert.Equal(TokenKind.Text, tokenizer.Vocabulary.Kind(id)));
            Assert.Equal(text, tokenizer.Decode([.. ids]));
            ids.Clear();
            tokenizer.EncodeTemplate(special, ids);
            Assert.Equal([tokenizer.Vocabulary.Find(special)], ids);
        }
    }

    private static void Encodes(Tokenizer tokenizer, string text, int[] expected)
    {
        List<int> ids = [];
        tokenizer.EncodeTemplate(text, ids);
        Assert.Equal(expected, ids);
        Assert.Equal(tokenizer.Vocabulary.Special.Keys.Aggregate(text, (t, special) => t.Replace(special, "", StringComparison.Ordinal)), tokenizer.Decode([.. ids]));
    }

    private BpeTokenizer Load(string name)
    {
        if (SharedFolder.Find($"tokenizers/{name}.tokenizer.json") is { } plain)
        {
            return BpeTokenizer.Load(plain);
        }

        using (var packed = new GZipStream(File.OpenRead(SharedFolder.FindOrSkip($"tokenizers/{name}.tokenizer.json.gz")), CompressionMode.Decompress))
        using (var file = File.Create(_folder.File($"{name}.json")))
        {
            packed.CopyTo(file);
        }

        return BpeTokenizer.Load(_folder.File($"{name}.json"));
    }

    /// <summary>The file that the model's makers publish, put together from the vocabulary and their pre-tokenizer.</summary>
    private static string DeepSeekJson(Dictionary<string, object> metadata)
    {
        var tokens = (List<object>)metadata["tokenizer.ggml.tokens"];
        var types = (List<object>)metadata["tokenizer.ggml.token_type"];
        var vocabulary = new JsonObject();
        var added = new JsonArray();
        for (int id = 0; id < tokens.Count; id++)
        {
            const int normal = 1, control = 3, userDefined = 4;
            string token = (string)tokens[id];
            switch ((int)types[id])
            {
                case normal:
                    vocabulary[token] = id;
                    break;
                case control or userDefined:
                    added.Add(new JsonObject { ["id"] = id, ["content"] = token, ["special"] = (int)types[id] == control, ["normalized"] = false });
                    break;
            }
        }

        var splits = new JsonArray();
        foreach (string pattern in (string[])["[\r\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[一-龥ࠀ-一가-퟿]+"])
        {
            splits.Add(new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false });
        }

        splits.Add(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true });
        splits.Add(new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false });
        return new JsonObject
        {
            ["added_tokens"] = added,
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = splits },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. ((List<object>)metadata["tokenizer.ggml.merges"]).Select(m => JsonValue.Create((string)m))]),
            },
        }.ToJsonString();
    }
}
