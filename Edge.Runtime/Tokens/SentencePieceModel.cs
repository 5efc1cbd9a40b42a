using System.Globalization;
using System.Text;
using Edge.Runtime.Tokens.SentencePiece;
using Google.Protobuf;
using PieceType = Edge.Runtime.Tokens.SentencePiece.Piece.Types.Type;

namespace Edge.Runtime.Tokens;

/// <summary>What a <c>tokenizer.model</c> says, checked and sorted by use.</summary>
internal sealed class SentencePieceModel
{
    /// <summary>The largest vocabularies in use (262,144 pieces) take about 5 MB.</summary>
    public const long FileBytesMax = 64L << 20;

    private const int BpeModelType = 2;

    private readonly string _path;

    private SentencePieceModel(string path, Model model)
    {
        _path = path;
        RefuseWhatIsNotHere(model);
        int count = model.Pieces.Count;
        var bytes = new byte[count][];
        var kinds = new TokenKind[count];
        var names = new string[count];
        Scores = new float[count];
        int[] byteIds = new int[256];
        Array.Fill(byteIds, -1);
        for (int id = 0; id < count; id++)
        {
            var piece = model.Pieces[id];
            names[id] = piece.Piece_;
            Scores[id] = piece.Score;
            kinds[id] = KindOf(piece);
            bytes[id] = kinds[id] != TokenKind.Text ? []
                : piece.Type == PieceType.Byte ? [ReadByte(piece.Piece_, id, byteIds)]
                : Encoding.UTF8.GetBytes(piece.Piece_.Replace(WhitespaceRules.SpaceMark, ' '));
            Sort(piece, id, kinds[id]);
        }

        Vocabulary = new Vocabulary(bytes, kinds, names);
        ByteIds = CheckBytes(model, byteIds);
        var rules = model.NormalizerSpec ?? new Normalizer();
        Whitespace = new WhitespaceRules(rules.AddDummyPrefix, rules.EscapeWhitespaces, rules.RemoveExtraWhitespaces);
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>The pieces that text may become by merging.</summary>
    public Dictionary<string, int> Pieces { get; } = new(StringComparer.Ordinal);

    /// <summary>User-defined symbols that are text: always one token, never merged with their neighbours.</summary>
    public Dictionary<string, int> Symbols { get; } = new(StringComparer.Ordinal);

    public float[] Scores { get; }

    /// <summary>The token of each byte value; null without byte fallback.</summary>
    public int[]? ByteIds { get; }

    public int UnknownId { get; private set; } = -1;

    public WhitespaceRules Whitespace { get; }

    /// <exception cref="TokenizerException">Unreadable, not a SentencePiece model, or with a feature that is not here.</exception>
    public static SentencePieceModel Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.Length <= FileBytesMax
                ? new SentencePieceModel(path, Model.Parser.ParseFrom(file))
                : throw new TokenizerException($"{path} has {file.Length} bytes, more than {FileBytesMax}; this is no tokenizer.");
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new TokenizerException($"{path} is not a SentencePiece model ({fault.Message.TrimEnd('.')}); copy it again from its source.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    private static TokenKind KindOf(Piece piece) => piece.Type switch
    {
        PieceType.Control => TokenKind.Special,
        PieceType.UserDefined when piece.Piece_ is ['<', _, .., '>'] => TokenKind.Special,
        PieceType.Normal or PieceType.UserDefined when piece.Piece_.Length > 0 => TokenKind.Text,
        PieceType.Byte => TokenKind.Text,
        _ => TokenKind.Unused,
    };

    private void RefuseWhatIsNotHere(Model model)
    {
        if (model.Pieces.Count == 0)
        {
            throw new TokenizerException($"{_path} holds no pieces; it is not a SentencePiece model, or it is cut off.");
        }

        int type = model.TrainerSpec?.ModelType ?? 1;
        if (type != BpeModelType)
        {
            throw new TokenizerException($"{_path} is a SentencePiece model of type {type}; Edge reads type {BpeModelType} (BPE).");
        }

        if (model.NormalizerSpec is { PrecompiledCharsmap.Length: > 0 } normalizer)
        {
            throw new TokenizerException($"{_path} normalizes text with \"{normalizer.Name}\"; Edge reads models whose normalization is \"identity\".");
        }

        if (model.TrainerSpec is { TreatWhitespaceAsSuffix: true })
        {
            throw new TokenizerException($"{_path} treats whitespace as a suffix; Edge reads models that treat it as a prefix.");
        }
    }

    private void Sort(Piece piece, int id, TokenKind kind)
    {
        if (piece.Type == PieceType.Unknown)
        {
            UnknownId = id;
        }
        else if (kind == TokenKind.Text && piece.Type == PieceType.UserDefined)
        {
            Symbols.TryAdd(piece.Piece_, id);
        }
        else if (kind == TokenKind.Text && piece.Type == PieceType.Normal)
        {
            Pieces.TryAdd(piece.Piece_, id);
        }
    }

    /// <summary>Reads <c>&lt;0x0A&gt;</c>.</summary>
    private byte ReadByte(string name, int id, int[] byteIds)
    {
        if (name is not ['<', '0', 'x', _, _, '>'] || !byte.TryParse(name.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
        {
            throw new TokenizerException($"{_path}: piece {id} is marked as a byte, but its name is \"{name}\" and not <0x00> to <0xFF>.");
        }

        byteIds[value] = id;
        return value;
    }

    private int[]? CheckBytes(Model model, int[] byteIds)
    {
        if (!(model.TrainerSpec?.ByteFallback ?? false))
        {
            return UnknownId >= 0 ? null : throw new TokenizerException($"{_path} has neither byte fallback nor an unknown piece: some text could not be written.");
        }

        int missing = Array.IndexOf(byteIds, -1);
        return missing < 0 ? byteIds : throw new TokenizerException($"{_path} uses byte fallback but has no piece <0x{missing:X2}>.");
    }
}
