using System.Text;

namespace Edge.Runtime.Tokens;

/// <summary>What SentencePiece's normalizer does to spaces before pieces are looked up; other characters stay as they are.</summary>
/// <param name="DummyPrefix">A space is put before the text, so that a word at its start looks like any other.</param>
/// <param name="Escape">Spaces are written as <see cref="SpaceMark"/>.</param>
/// <param name="RemoveExtra">Spaces at both ends go, runs of them become one.</param>
internal readonly record struct WhitespaceRules(bool DummyPrefix, bool Escape, bool RemoveExtra)
{
    /// <summary>U+2581, the visible stand-in for a space in piece names.</summary>
    public const char SpaceMark = '\u2581';

    /// <summary>Chars that <see cref="Apply"/> may write for a text of <paramref name="length"/> chars.</summary>
    public static int LengthMax(int length) => length + 1;

    /// <summary>Writes the normalized text; halves of surrogate pairs become U+FFFD.</summary>
    /// <returns>How many chars were written: at most <see cref="LengthMax"/>; 0 for a text that is empty or vanishes.</returns>
    public int Apply(ReadOnlySpan<char> text, Span<char> normalized)
    {
        if (RemoveExtra)
        {
            text = text.Trim(' ');
        }

        if (text.IsEmpty)
        {
            return 0;
        }

        char space = Escape ? SpaceMark : ' ';
        int written = 0;
        if (DummyPrefix)
        {
            normalized[written++] = space;
        }

        bool afterSpace = false;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf16(text, out var rune, out int consumed);
            text = text[consumed..];
            bool isSpace = rune.Value == ' ';
            if (!isSpace)
            {
                written += rune.EncodeToUtf16(normalized[written..]);
            }
            else if (!(afterSpace && RemoveExtra))
            {
                normalized[written++] = space;
            }

            afterSpace = isSpace;
        }

        return written;
    }
}
