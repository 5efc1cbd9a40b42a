using System.Buffers;
using System.Text;

namespace Edge.Runtime.Tokens;

/// <summary>
/// SentencePiece's BPE: pieces merged by score, characters without a piece written as bytes. Ids equal SentencePiece's own.
/// Thread-safe; encoding allocates nothing but the growth of the caller's list.
/// </summary>
/// <remarks>Control tokens and symbols of the form <c>&lt;…&gt;</c> are special: only a template can say them.
/// A text between two special tokens is normalized by itself, so where the model wants a dummy prefix each such text gets one.</remarks>
public sealed class SentencePieceTokenizer : Tokenizer
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _pieces;
    private readonly LiteralTokens _symbols;
    private readonly LiteralTokens _special;
    private readonly float[] _scores;
    private readonly int[]? _byteIds;
    private readonly int _unknownId;
    private readonly WhitespaceRules _whitespace;

    internal SentencePieceTokenizer(SentencePieceModel model)
    {
        Vocabulary = model.Vocabulary;
        _pieces = model.Pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        _symbols = new LiteralTokens(model.Symbols);
        _special = new LiteralTokens(model.Vocabulary.Special);
        _scores = model.Scores;
        _byteIds = model.ByteIds;
        _unknownId = model.UnknownId;
        _whitespace = model.Whitespace;
    }

    public override Vocabulary Vocabulary { get; }

    /// <summary>Reads a <c>tokenizer.model</c>.</summary>
    /// <exception cref="TokenizerException">Not a SentencePiece file, or one with a feature that is not here; the message names it.</exception>
    public static SentencePieceTokenizer Load(string path) => new(SentencePieceModel.Read(path));

    public override void EncodeText(ReadOnlySpan<char> text, List<int> ids)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(WhitespaceRules.LengthMax(text.Length));
        try
        {
            ReadOnlySpan<char> rest = buffer.AsSpan(0, _whitespace.Apply(text, buffer));
            while (!rest.IsEmpty)
            {
                bool found = _symbols.TryFind(rest, out int start, out int length, out int symbol);
                EncodeMerged(rest[..start], ids);
                if (found)
                {
                    ids.Add(symbol);
                }

                rest = rest[(start + length)..];
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
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

        // The dummy prefix was never in the text.
        var text = bytes.WrittenSpan;
        return Encoding.UTF8.GetString(_whitespace.DummyPrefix && text.StartsWith(" "u8) ? text[1..] : text);
    }

    private void EncodeMerged(ReadOnlySpan<char> text, List<int> ids)
    {
        if (text.IsEmpty)
        {
            return;
        }

        using var merge = new BytePairMerge(text, _pieces, _scores);
        merge.Run();
        for (int cursor = 0; cursor >= 0;)
        {
            var piece = merge.Next(ref cursor);
            if (_pieces.TryGetValue(piece, out int id))
            {
                ids.Add(id);
            }
            else
            {
                EncodeUnknown(piece, ids);
            }
        }
    }

    private void EncodeUnknown(ReadOnlySpan<char> character, List<int> ids)
    {
        if (_byteIds is null)
        {
            ids.Add(_unknownId);
            return;
        }

        Span<byte> utf8 = stackalloc byte[4];
        int count = Encoding.UTF8.GetBytes(character, utf8);
        foreach (byte value in utf8[..count])
        {
            ids.Add(_byteIds[value]);
        }
    }
}
