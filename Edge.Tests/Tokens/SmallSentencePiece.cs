using Edge.Runtime.Tokens.SentencePiece;
using Google.Protobuf;
using PieceType = Edge.Runtime.Tokens.SentencePiece.Piece.Types.Type;

namespace Edge.Tests.Tokens;

/// <summary>A tokenizer.model made by hand: unknown, begin, end, 256 bytes, then what the test wants.</summary>
internal static class SmallSentencePiece
{
    /// <summary>The first id after the fixed part.</summary>
    public const int FirstId = 259;

    /// <summary>Pieces in the order of their scores: the first is merged first.</summary>
    public static Model Create(params ReadOnlySpan<string> pieces)
    {
        var model = new Model
        {
            TrainerSpec = new Trainer { ModelType = 2, ByteFallback = true },
            NormalizerSpec = new Normalizer { Name = "identity", AddDummyPrefix = false, RemoveExtraWhitespaces = false },
        };
        Add(model, "<unk>", PieceType.Unknown);
        Add(model, "<s>", PieceType.Control);
        Add(model, "</s>", PieceType.Control);
        for (int value = 0; value < 256; value++)
        {
            Add(model, $"<0x{value:X2}>", PieceType.Byte);
        }

        foreach (string piece in pieces)
        {
            Add(model, piece, PieceType.Normal, FirstId - model.Pieces.Count);
        }

        return model;
    }

    public static void Add(Model model, string piece, PieceType type, float score = 0) =>
        model.Pieces.Add(new Piece { Piece_ = piece, Type = type, Score = score });

    public static void Write(Model model, string path)
    {
        using var file = File.Create(path);
        model.WriteTo(file);
    }
}
