using System.Text;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Grammars;

/// <summary>
/// What masks need to know of a vocabulary, made once: the trie of all text tokens, and, for the inside of strings, the tokens that are
/// legal in any string by their number of characters, with a small trie of the others.
/// </summary>
public sealed class TokenIndex
{
    /// <summary>Plain tokens with more characters than this count among the others.</summary>
    internal const int PlainCharsMax = 32;

    private readonly ulong[][] _plain = new ulong[PlainCharsMax + 1][]; // [c]: plain tokens of at most c characters

    private readonly ulong[] _offered; // text tokens that a mask may hold

    public TokenIndex(Vocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        Words = (vocabulary.Count + 63) / 64;
        var text = Enumerable.Range(0, vocabulary.Count).Where(id => vocabulary.Kind(id) == TokenKind.Text && vocabulary.Bytes(id).Length > 0).ToList();

        // Where a byte token and a piece say the same, the piece counts: it is what the tokenizer, and so the model's training, uses.
        // SentencePiece writes its byte tokens before all pieces, so the higher id is the piece.
        var seen = new HashSet<string>();
        var tokens = Enumerable.Reverse(text).Where(id => seen.Add(Convert.ToHexString(vocabulary.Bytes(id)))).ToList();
        All = new TokenTrie(vocabulary, tokens);
        _offered = new ulong[Words];
        foreach (int id in tokens)
        {
            _offered[id >> 6] |= 1UL << (id & 63);
        }

        var others = new List<int>();
        var byChars = new List<int>[PlainCharsMax + 1];
        foreach (int id in tokens)
        {
            int chars = PlainChars(vocabulary.Bytes(id));
            if (chars is > 0 and <= PlainCharsMax)
            {
                (byChars[chars] ??= []).Add(id);
            }
            else
            {
                others.Add(id);
            }
        }

        Others = new TokenTrie(vocabulary, others);
        _plain[0] = new ulong[Words];
        for (int c = 1; c <= PlainCharsMax; c++)
        {
            _plain[c] = byChars[c] is null ? _plain[c - 1] : [.. _plain[c - 1]];
            foreach (int id in byChars[c] ?? [])
            {
                _plain[c][id >> 6] |= 1UL << (id & 63);
            }
        }
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>64-bit words of a mask.</summary>
    public int Words { get; }

    /// <summary>Whether a text token is the one that is offered for its bytes.</summary>
    internal bool IsOffered(int token) => (_offered[token >> 6] >> (token & 63) & 1) != 0;

    internal TokenTrie All { get; }

    internal TokenTrie Others { get; }

    /// <summary>Tokens that are legal in any string in which at least <paramref name="chars"/> characters may follow.</summary>
    internal ReadOnlySpan<ulong> Plain(int chars) => _plain[Math.Min(chars, PlainCharsMax)];

    /// <summary>Characters of a token that is legal wherever a string goes on: whole printable characters without quote and backslash; 0 for the others.</summary>
    private static int PlainChars(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out int length) != System.Buffers.OperationStatus.Done
                || rune.Value is < 0x20 or '"' or '\\' or (>= 0x7F and < 0xA0))
            {
                return 0;
            }

            count++;
            bytes = bytes[length..];
        }

        return count;
    }
}
