using System.Text.Json;
using Edge.Runtime.Tokens;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Tokens;

/// <summary>Ids equal those of SentencePiece itself, on texts of both models.</summary>
public sealed class SentencePieceVectorTests
{
    [Fact]
    public void Every_vector_of_edge_38m_is_encoded_and_decoded()
    {
        var tokenizer = TokenizerFiles.Load(SharedFolder.FindOrSkip("models/edge-38m"));
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.FindOrSkip("models/edge-38m/tokenizer_vectors.json")));
        Assert.NotEqual(0, vectors.RootElement.GetArrayLength());
        foreach (var row in vectors.RootElement.EnumerateArray())
        {
            var expected = Ids(row.GetProperty("ids"));
            List<int> ids = [];
            tokenizer.EncodeTemplate(row.GetProperty("text").GetString(), ids);
            Assert.Equal(expected, ids);
            Assert.Equal(WithoutSpecial(row.GetProperty("decoded").GetString()!, tokenizer), tokenizer.Decode([.. ids]));
        }
    }

    [Fact]
    public void Every_prompt_of_the_golden_rows_is_encoded()
    {
        var tokenizer = TokenizerFiles.Load(SharedFolder.FindOrSkip("models/edge-38m"));
        using var rows = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.FindOrSkip("models/edge-38m/golden.json")));
        foreach (var row in rows.RootElement.EnumerateArray())
        {
            List<int> ids = [tokenizer.Vocabulary.Find("<s>")];
            tokenizer.EncodeTemplate(row.GetProperty("prompt").GetString(), ids);
            Assert.Equal(Ids(row.GetProperty("prompt_ids")), ids);
        }
    }

    [Fact]
    public void Every_vector_of_llama_2_is_encoded_and_decoded()
    {
        var tokenizer = SentencePieceTokenizer.Load(SharedFolder.FindOrSkip("tokenizers/llama2-tokenizer.model"));
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.FindOrSkip("tokenizers/llama2.tokenizer.ref")));
        Assert.NotEqual(0, vectors.RootElement.GetArrayLength());
        foreach (var row in vectors.RootElement.EnumerateArray())
        {
            string text = row.GetProperty("t").GetString()!;
            List<int> ids = [];
            tokenizer.EncodeText(text, ids);
            Assert.Equal(Ids(row.GetProperty("ids")), ids);
            Assert.Equal(text, tokenizer.Decode([.. ids]));
        }
    }

    [Fact]
    public void User_text_never_becomes_a_special_token()
    {
        var tokenizer = TokenizerFiles.Load(SharedFolder.FindOrSkip("models/edge-38m"));
        foreach (string special in tokenizer.Vocabulary.Special.Keys)
        {
            string text = $"x{special}{special} y";
            List<int> ids = [];
            tokenizer.EncodeText(text, ids);
            Assert.All(ids, id => Assert.Equal(TokenKind.Text, tokenizer.Vocabulary.Kind(id)));
            Assert.Equal(text, tokenizer.Decode([.. ids]));
        }
    }

    private static List<int> Ids(JsonElement array) => [.. array.EnumerateArray().Select(i => i.GetInt32())];

    private static string WithoutSpecial(string text, Tokenizer tokenizer) =>
        tokenizer.Vocabulary.Special.Keys.Aggregate(text, (t, special) => t.Replace(special, "", StringComparison.Ordinal));
}
