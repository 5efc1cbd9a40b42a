using System.Buffers;
using System.Text;

namespace Edge.Runtime.Tokens.Bpe;

/// <summary>
/// What <c>tokenizer.json</c> describes: added tokens first, then normalization, splits, and merges by rank over bytes (as GPT-2) or over characters
/// with bytes for the rest (as SentencePiece). Thread-safe.
/// </summary>
/// <remarks>Special tokens, and added tokens of the form <c>&lt;…&gt;</c>, are of the template; other added tokens (runs of spaces, letters) are text
/// that is always one token.</remarks>
public sealed class BpeTokenizer : Tokenizer
{
    private readonly TokenizerParts _parts;
    private readonly LiteralTokens _special;
    private readonly LiteralTokens _symbols;
    private readonly LiteralTokens _normalizedSymbols;

    internal BpeTokenizer(TokenizerParts parts)
    {
        _parts = parts;
        Vocabulary = parts.Vocabulary;
        _special = new LiteralTokens(parts.Vocabulary.Special);
        _symbols = new LiteralTokens(parts.Symbols);
        _normalizedSymbols = new LiteralTokens(parts.NormalizedSymbols);
    }

    public override Vocabulary Vocabulary { get; }

    /// <summary>Reads a <c>tokenizer.json</c>.</summary>
    /// <exception cref="TokenizerException">Malformed, or with a feature that is not here; the message names it.</exception>
    public static BpeTokenizer Load(string path) => new(TokenizerJsonReader.Read(path));

    public override void EncodeText(ReadOnlySpan<char> text, List<int> ids)
    {
        bool isFirst = ids.Count == 0;
        while (!text.IsEmpty)
        {
            bool found = _symbols.TryFind(text, out int start, out int length, out int symbol);
            EncodeNormalized(text[..start], isFirst, ids);
            if (found)
            {
                ids.Add(symbol);
            }

            text = text[(start + length)..];
            isFirst = false;
        }
    }

    public override void EncodeTemplate(ReadOnlySpan<char> template, List<int> ids)
    {
        while (!template.IsEmpty)
        {
            bool found = _special.TryFind(template, out int start, out int length, out int special);
            EncodeText(template[..start], ids);
            if (found)
            {
                ids.Add(special);
            }

            template = template[(start + length)..];
        }
    }

    public override string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (int id in ids)
        {
            bytes.Write(Vocabulary.Bytes(id));
        }

        // A prefix that normalization adds was never in the text.
        var text = bytes.WrittenSpan;
        return Encoding.UTF8.GetString(_parts.StripsSpace && text.StartsWith(" "u8) ? text[1..] : text);
    }

    private void EncodeNormalized(ReadOnlySpan<char> text, bool isFirst, List<int> ids)
    {
        if (text.IsEmpty)
        {
            return;
        }

        string whole = text.ToString();
        foreach (var step in _parts.Steps)
        {
            whole = step.Apply(whole, isFirst);
        }

        var pieces = new List<(int Start, int Length)>();
        for (ReadOnlySpan<char> rest = whole; !rest.IsEmpty;)
        {
            bool found = _normalizedSymbols.TryFind(rest, out int start, out int length, out int symbol);
            EncodeSplit(rest[..start], pieces, ids);
            if (found)
            {
                ids.Add(symbol);
            }

            rest = rest[(start + length)..];
        }
    }

    private void EncodeSplit(ReadOnlySpan<char> text, List<(int Start, int Length)> pieces, List<int> ids)
    {
        if (text.IsEmpty)
        {
            return;
        }

        pieces.Clear();
        pieces.Add((0, text.Length));
        foreach (var split in _parts.Splits)
        {
            split.Apply(text, pieces);
        }

        foreach (var (start, length) in pieces)
        {
            EncodePiece(text.Slice(start, length), ids);
        }
    }

    private void EncodePiece(ReadOnlySpan<char> piece, List<int> ids)
    {
        int most = Encoding.UTF8.GetMaxByteCount(piece.Length);
        int[] symbols = ArrayPool<int>.Shared.Rent(most);
        int count = _parts.Alphabet.Write(piece, symbols);
        if (count > 0 && !(_parts.Whole is { } whole && whole.TryFind(symbols.AsSpan(0, count), out int id) && Add(id)))
        {
            using var merge = new RankedMerge(symbols.AsSpan(0, count), _parts.Merges);
            merge.Run(ids);
        }

        ArrayPool<int>.Shared.Return(symbols);

        bool Add(int whole)
        {
            ids.Add(whole);
            return true;
        }
    }
}
