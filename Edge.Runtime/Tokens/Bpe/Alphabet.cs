using System.Text;

namespace Edge.Runtime.Tokens.Bpe;

/// <summary>The symbols that merging begins with.</summary>
internal abstract class Alphabet
{
    /// <param name="piece">Any text.</param>
    /// <param name="symbols">As long as the piece can have bytes.</param>
    /// <returns>How many ids were written.</returns>
    public abstract int Write(ReadOnlySpan<char> piece, Span<int> symbols);
}

/// <summary>Every byte is a token.</summary>
/// <param name="ids">(256)</param>
internal sealed class ByteAlphabet(int[] ids) : Alphabet
{
    public override int Write(ReadOnlySpan<char> piece, Span<int> symbols)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int count = 0;
        foreach (var rune in piece.EnumerateRunes())
        {
            int bytes = rune.EncodeToUtf8(utf8);
            for (int i = 0; i < bytes; i++)
            {
                symbols[count++] = ids[utf8[i]];
            }
        }

        return count;
    }
}

/// <summary>Characters are tokens; one that is not is written as its bytes, or as the unknown token.</summary>
/// <param name="characters">Token of each character that has one.</param>
/// <param name="byteIds">(256), or null without byte fallback.</param>
/// <param name="unknown">Where neither helps.</param>
/// <param name="fuseUnknown">Unknown characters next to each other are one token.</param>
internal sealed class CharacterAlphabet(Dictionary<int, int> characters, int[]? byteIds, int unknown, bool fuseUnknown) : Alphabet
{
    public override int Write(ReadOnlySpan<char> piece, Span<int> symbols)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int count = 0;
        foreach (var rune in piece.EnumerateRunes())
        {
            if (characters.TryGetValue(rune.Value, out int id))
            {
                symbols[count++] = id;
            }
            else if (byteIds is not null)
            {
                int bytes = rune.EncodeToUtf8(utf8);
                for (int i = 0; i < bytes; i++)
                {
                    symbols[count++] = byteIds[utf8[i]];
                }
            }
            else if (!(fuseUnknown && count > 0 && symbols[count - 1] == unknown))
            {
                symbols[count++] = unknown;
            }
        }

        return count;
    }
}
