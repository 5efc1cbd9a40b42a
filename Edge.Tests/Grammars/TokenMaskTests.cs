using System.Text;
using System.Text.Json;
using Edge.Runtime.Grammars;
using Edge.Runtime.Tokens;
using Edge.Tests.Fakes;
using Edge.Tests.Grammars.Reference;
using Xunit;

namespace Edge.Tests.Grammars;

/// <summary>Masks against the plainest way to make them: try every token byte by byte.</summary>
public class TokenMaskTests(ITestOutputHelper output)
{
    private const int EveryRow = 40;
    private const int Schemas = 60;

    private static readonly Lazy<(Tokenizer Tokenizer, TokenIndex Index)?> s_edge = new(() =>
        SharedFolder.Find("models/edge-38m") is { } folder && TokenizerFiles.Load(folder) is var tokenizer ? (tokenizer, new TokenIndex(tokenizer.Vocabulary)) : null);

    [Fact]
    public void A_mask_holds_exactly_the_tokens_whose_bytes_are_legal_along_expected_answers()
    {
        int masks = 0;
        foreach (var answer in EvalAnswers.All().Where((answer, i) => i % EveryRow == 0 && answer.Texts.Count > 0))
        {
            masks += CompareAlong(Compile(answer.Schema), answer.Texts[0], answer.Schema);
        }

        output.WriteLine($"{masks} masks");
        Assert.InRange(masks, 300, int.MaxValue);
    }

    [Fact]
    public void A_mask_holds_exactly_the_tokens_whose_bytes_are_legal_along_random_values()
    {
        int masks = 0;
        for (int seed = 1; seed <= Schemas; seed++)
        {
            var random = new Random(seed);
            string schema = JsonWriter.Text(new SchemaMaker(random).Root());
            try
            {
                masks += CompareAlong(Compile(schema), JsonWriter.Write(new ValueMaker(random, new Judge(schema).Schema).Make()), schema);
            }
            catch (Exception refusal) when (refusal is SchemaFault or NotSupportedException)
            {
            }
        }

        output.WriteLine($"{masks} masks");
        Assert.InRange(masks, 100, int.MaxValue);
    }

    [Fact]
    public void Rollback_brings_back_the_mask_of_before()
    {
        var (tokenizer, index) = Edge();
        foreach (var answer in EvalAnswers.All().Where((answer, i) => i % EveryRow == 1 && answer.Texts.Count > 0))
        {
            List<int> tokens = [];
            tokenizer.EncodeText(Encoding.UTF8.GetString(answer.Texts[0]), tokens);
            var matcher = new TokenMatcher(Compile(answer.Schema), index);
            var masks = tokens.Select(token =>
            {
                ulong[] mask = matcher.Mask().Words.ToArray();
                Assert.True(matcher.TryAccept(token));
                return mask;
            }).ToList();

            // A refused token is taken back like any other.
            Assert.False(matcher.TryAccept(tokenizer.Vocabulary.Find("<s>")));
            Assert.False(matcher.TryAccept(tokens[0]));
            matcher.Rollback(matcher.Tokens.Length - tokens.Count);
            for (int i = tokens.Count - 1; i >= 0; i--)
            {
                matcher.Rollback(1);
                Assert.Equal(masks[i], matcher.Mask().Words.ToArray());
            }
        }
    }

    // Compares the mask before every token of the text, as long as the text is legal.
    private static int CompareAlong(Grammar grammar, byte[] text, string schema)
    {
        var (tokenizer, index) = Edge();
        List<int> tokens = [];
        tokenizer.EncodeText(Encoding.UTF8.GetString(text), tokens);
        var matcher = new TokenMatcher(grammar, index);
        var read = new List<byte>();
        int masks = 0;
        foreach (int token in tokens)
        {
            masks++;
            Compare(tokenizer.Vocabulary, grammar, matcher.Mask(), [.. read], schema);
            if (!matcher.TryAccept(token))
            {
                break;
            }

            read.AddRange(tokenizer.Vocabulary.Bytes(token));
        }

        return masks;
    }

    // By bytes, not by ids: of tokens that say the same only one is in the mask.
    private static void Compare(Vocabulary vocabulary, Grammar grammar, TokenMask mask, byte[] read, string schema)
    {
        var prefix = new TextMatcher(grammar);
        Assert.All(read, b => Assert.True(prefix.TryAccept(b)));
        var given = new HashSet<string>();
        var due = new HashSet<string>();
        for (int id = 0; id < vocabulary.Count; id++)
        {
            var bytes = vocabulary.Bytes(id);
            if (vocabulary.Kind(id) != TokenKind.Text || bytes.IsEmpty)
            {
                Assert.False(mask[id], $"token {id} is no text");
                continue;
            }

            if (mask[id])
            {
                given.Add(Convert.ToHexString(bytes));
            }

            if (prefix.IsLegal(bytes[0]) && IsLegal(grammar, read, bytes))
            {
                due.Add(Convert.ToHexString(bytes));
            }
        }

        if (!given.SetEquals(due))
        {
            Assert.Fail($"after {Encoding.UTF8.GetString(read)} of {schema}: too many {string.Join(' ', given.Except(due).Take(9))}, too few {string.Join(' ', due.Except(given).Take(9))}");
        }
    }

    private static bool IsLegal(Grammar grammar, byte[] read, ReadOnlySpan<byte> bytes)
    {
        var matcher = new TextMatcher(grammar);
        foreach (byte b in read)
        {
            matcher.TryAccept(b);
        }

        foreach (byte b in bytes)
        {
            matcher.TryAccept(b);
        }

        return !matcher.IsFaulted;
    }

    private static (Tokenizer Tokenizer, TokenIndex Index) Edge()
    {
        Assert.SkipWhen(s_edge.Value is null, "No shared/models/edge-38m beside this checkout.");
        return s_edge.Value!.Value;
    }

    private static Grammar Compile(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return Grammar.FromSchema(document.RootElement);
    }
}
