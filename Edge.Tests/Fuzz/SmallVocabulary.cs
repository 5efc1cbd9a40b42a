using System.Text;
using Edge.Runtime.Tokens;

namespace Edge.Tests.Fuzz;

/// <summary>A vocabulary of the kind SentencePiece makes, small enough for thousands of grammars a minute: specials, all bytes, pieces that say the same as a byte, and longer ones.</summary>
internal static class SmallVocabulary
{
    private static readonly string[] s_pieces =
    [
        "{\"", "\"}", "\":", "\",\"", ",\"", "\":\"", "\"]", "[\"", "]}", "}}", "true", "false", "null", "tr", "ue", "on", "off", "kitchen", "lamp", "00", "12", "2026", "-0", ".5", "0.",
        " ", "a", "b", "x", "ab", "abc", "name", "level", "é", "ü", "😀", "\\n", "\\u00", "\\\"", "\\\\", "),(", "  ", " lamp", "T00:", "-01-", "127.", "}", "{", "]", "[", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];

    public static Vocabulary Make()
    {
        var bytes = new List<byte[]> { Array.Empty<byte>(), Array.Empty<byte>(), Array.Empty<byte>() };
        for (int b = 0; b < 256; b++)
        {
            bytes.Add([(byte)b]);
        }

        bytes.AddRange(s_pieces.Select(Encoding.UTF8.GetBytes));
        bytes.Add([0xF0, 0x9F]);
        bytes.Add([0x98, 0x80, (byte)'"']);
        var kinds = bytes.Select((_, id) => id == 0 ? TokenKind.Unused : id < 3 ? TokenKind.Special : TokenKind.Text).ToArray();
        return new Vocabulary([.. bytes], kinds, [.. bytes.Select((b, id) => id switch { 1 => "<s>", 2 => "</s>", _ => Convert.ToHexString(b) })]);
    }
}
