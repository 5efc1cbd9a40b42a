using CsCheck;
using Edge.Runtime.Tokens;
using Edge.Runtime.Tokens.SentencePiece;
using Edge.Tests.Fakes;
using Xunit;
using PieceType = Edge.Runtime.Tokens.SentencePiece.Piece.Types.Type;

namespace Edge.Tests.Tokens;

public sealed class SentencePieceTokenizerTests : IDisposable
{
    private const int First = SmallSentencePiece.FirstId;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Equal_merges_go_left_to_right()
    {
        var tokenizer = Load(SmallSentencePiece.Create("aa", "a"));
        Assert.Equal([First, First, First + 1], Encode(tokenizer, "aaaaa"));
    }

    [Fact]
    public void The_best_score_merges_first()
    {
        var tokenizer = Load(SmallSentencePiece.Create("bc", "ab", "a", "b", "c"));
        Assert.Equal([First + 2, First], Encode(tokenizer, "abc"));
    }

    [Fact]
    public void Characters_without_a_piece_become_bytes()
    {
        var tokenizer = Load(SmallSentencePiece.Create("a"));
        int[] ids = Encode(tokenizer, "a°");
        Assert.Equal([First, 3 + 0xC2, 3 + 0xB0], ids);
        Assert.Equal("a°", tokenizer.Decode(ids));
    }

    [Fact]
    public void Without_byte_fallback_such_characters_are_unknown()
    {
        var model = SmallSentencePiece.Create("a");
        model.TrainerSpec.ByteFallback = false;
        Assert.Equal([First, 0], Encode(Load(model), "a°"));
    }

    [Fact]
    public void A_dummy_prefix_is_put_before_text_and_taken_off_again()
    {
        var model = SmallSentencePiece.Create("▁a", "a", "▁");
        model.NormalizerSpec.AddDummyPrefix = true;
        var tokenizer = Load(model);
        Assert.Equal([First, First], Encode(tokenizer, "a a"));
        Assert.Equal("a a", tokenizer.Decode([First, First]));
        Assert.Empty(Encode(tokenizer, ""));
    }

    [Fact]
    public void Extra_whitespace_goes_where_the_model_says_so()
    {
        var model = SmallSentencePiece.Create("a", "▁");
        Assert.Equal([First + 1, First, First + 1, First + 1, First], Encode(Load(model), " a  a"));
        model.NormalizerSpec.RemoveExtraWhitespaces = true;
        Assert.Equal([First, First + 1, First], Encode(Load(model), "  a   a "));
        Assert.Empty(Encode(Load(model), "   "));
    }

    [Fact]
    public void A_symbol_of_the_makers_is_one_token_and_merges_with_nothing()
    {
        var model = SmallSentencePiece.Create("ab", "a", "b");
        SmallSentencePiece.Add(model, "b\n", PieceType.UserDefined);
        var tokenizer = Load(model);
        Assert.Equal([First + 1, First + 3, First], Encode(tokenizer, "ab\nab"));
        Assert.Equal(TokenKind.Text, tokenizer.Vocabulary.Kind(First + 3));
    }

    [Fact]
    public void Special_tokens_stand_for_themselves_in_templates_only()
    {
        var model = SmallSentencePiece.Create("<", "|", "a", ">", "s");
        SmallSentencePiece.Add(model, "<|a|>", PieceType.UserDefined);
        var tokenizer = Load(model);
        List<int> ids = [];
        tokenizer.EncodeTemplate("<s>a<|a|>", ids);
        Assert.Equal([1, First + 2, First + 5], ids);
        Assert.Equal("a", tokenizer.Decode([.. ids]));
        Assert.Equal([First, First + 4, First + 3], Encode(tokenizer, "<s>"));
        Assert.Equal([First, First + 1, First + 2, First + 1, First + 3], Encode(tokenizer, "<|a|>"));
    }

    [Fact]
    public void The_vocabulary_tells_bytes_and_kinds()
    {
        var vocabulary = Load(SmallSentencePiece.Create("▁on")).Vocabulary;
        Assert.Equal(" on"u8.ToArray(), vocabulary.Bytes(First).ToArray());
        Assert.Equal([0x0A], vocabulary.Bytes(3 + 0x0A).ToArray());
        Assert.Equal(TokenKind.Unused, vocabulary.Kind(0));
        Assert.Equal(TokenKind.Special, vocabulary.Kind(1));
        Assert.Equal(2, vocabulary.Find("</s>"));
        Assert.Empty(vocabulary.Bytes(1).ToArray());
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        var tokenizer = Load(SmallSentencePiece.Create("a"));
        Assert.Equal("a\uFFFDa", tokenizer.Decode(Encode(tokenizer, "a\uD83Da")));
    }

    [Fact]
    public void The_heap_merges_like_a_plain_search_for_the_best_pair()
    {
        string[] pieces = ["ab", "ba", "aa", "bb", "aba", "abab", "bba", "cab", "▁a", "▁▁", "a", "b", "▁"];
        var tokenizer = Load(SmallSentencePiece.Create(pieces));
        Gen.Char["abc "].Array[0, 60].Sample(chars =>
        {
            string text = new(chars);
            Assert.Equal(MergePlainly(text, pieces), Encode(tokenizer, text));
        }, iter: 2000);
    }

    [Fact]
    public void What_is_encoded_decodes_to_the_same_text()
    {
        var tokenizer = Load(SmallSentencePiece.Create("th", "▁t", "▁th", "e", "h", "t", "▁"));
        Gen.String[Gen.OneOf(Gen.Char["the <s>|"], Gen.Char['\u0001', '\uD7FF']), 0, 40].Where(s => !s.Contains('▁', StringComparison.Ordinal)).Sample(text =>
            Assert.Equal(text, tokenizer.Decode(Encode(tokenizer, text))), iter: 2000);
    }

    [Fact]
    public void Encoding_allocates_nothing_but_the_list()
    {
        var tokenizer = Load(SmallSentencePiece.Create("ab", "a", "b", "▁"));
        string text = string.Concat(Enumerable.Repeat("abba cab ", 50));
        List<int> ids = new(1000);
        tokenizer.EncodeText(text, ids);
        ids.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        tokenizer.EncodeText(text, ids);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_broken_file_is_one_line()
    {
        string path = _folder.File("tokenizer.model");
        foreach (byte[] bytes in (byte[][])[[], [0xFF], [0x0A, 0x7F], "not a model at all"u8.ToArray(), new byte[100]])
        {
            File.WriteAllBytes(path, bytes);
            string message = Assert.Throws<TokenizerException>(() => SentencePieceTokenizer.Load(path)).Message;
            Assert.Contains(path, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public void What_is_not_here_is_refused_by_name()
    {
        Refused(m => m.TrainerSpec.ModelType = 1, "type 1");
        Refused(m => m.NormalizerSpec = new Normalizer { Name = "nmt_nfkc", PrecompiledCharsmap = Google.Protobuf.ByteString.CopyFrom(1) }, "nmt_nfkc");
        Refused(m => m.TrainerSpec.TreatWhitespaceAsSuffix = true, "suffix");
        Refused(m => m.Pieces.RemoveAt(3 + 0x41), "<0x41>");
        Refused(m => m.Pieces[5].Piece_ = "<0xZZ>", "<0xZZ>");
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_refused()
    {
        Assert.Contains("tokenizer.model", Assert.Throws<TokenizerException>(() => TokenizerFiles.Load(_folder.FullName)).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("tokenizer.json"), "{}");
        Assert.Contains("tokenizer.json", Assert.Throws<TokenizerException>(() => TokenizerFiles.Load(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    private static int[] Encode(SentencePieceTokenizer tokenizer, string text)
    {
        List<int> ids = [];
        tokenizer.EncodeText(text, ids);
        return [.. ids];
    }

    /// <summary>The definition, without heap or links: look for the best pair, the leftmost of equals, join it, again.</summary>
    private static int[] MergePlainly(string text, string[] pieces)
    {
        List<string> symbols = [.. text.Replace(' ', '▁').Select(c => c.ToString())];
        while (true)
        {
            int best = -1;
            int bestRank = int.MaxValue;
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                int rank = Array.IndexOf(pieces, symbols[i] + symbols[i + 1]);
                if (rank >= 0 && rank < bestRank)
                {
                    (best, bestRank) = (i, rank);
                }
            }

            if (best < 0)
            {
                return [.. symbols.Select(s => Array.IndexOf(pieces, s) is var rank && rank >= 0 ? First + rank : 3 + s[0])];
            }

            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
    }

    private SentencePieceTokenizer Load(Model model)
    {
        string path = _folder.File($"{Guid.NewGuid():N}.model");
        SmallSentencePiece.Write(model, path);
        return SentencePieceTokenizer.Load(path);
    }

    private void Refused(Action<Model> change, string named)
    {
        var model = SmallSentencePiece.Create("a");
        change(model);
        Assert.Contains(named, Assert.Throws<TokenizerException>(() => Load(model)).Message, StringComparison.Ordinal);
    }
}
