using System.Text;

namespace Edge.Runtime.Tokens.Bpe;

/// <summary>
/// .NET's regular expressions see halves of surrogate pairs, where the patterns of tokenizers mean characters. Each pair is shown to them as one
/// rare character of the same Unicode category, so that <c>\p{L}</c> finds a letter beyond U+FFFF.
/// </summary>
internal static class StandIns
{
    // In the order of UnicodeCategory; below U+0800 or above U+D7FF, because patterns name ranges of ideographs in between. Categories without
    // such a character take one of the same group: M for Mc, N for Nl, P for brackets.
    private static readonly char[] _ofCategory =
    [
        '\uFF21', '\uFB00', '\u01C5', '\uFF70', '\uFE70', // Lu Ll Lt Lm Lo
        '\uFE20', '\uFE20', '\u0488', // Mn Mc Me
        '\uFF11', '\u00BC', '\u00BC', // Nd Nl No
        '\u00A0', '\u00A0', '\u00A0', // Zs Zl Zp
        '\u0001', '\uFEFF', '\uE000', '\uE000', // Cc Cf Cs Co
        '\uFE33', '\uFE31', '\uFE10', '\uFE10', '\uFE10', '\uFE10', '\uFE10', // Pc Pd Ps Pe Pi Pf Po
        '\uFB29', '\uFE69', '\uFF3E', '\uFFFC', '\uE000', // Sm Sc Sk So Cn
    ];

    /// <summary>True when <paramref name="text"/> needs them.</summary>
    public static bool AreNeeded(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    /// <param name="text">Any text.</param>
    /// <param name="shown">One char a character; as long as the text at most.</param>
    /// <param name="starts">Where each shown character starts in the text, and the text's length behind the last; one longer.</param>
    /// <returns>How many characters there are.</returns>
    public static int Show(ReadOnlySpan<char> text, Span<char> shown, Span<int> starts)
    {
        int count = 0;
        for (int at = 0; at < text.Length; count++)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out int length);
            shown[count] = rune.IsBmp ? (char)rune.Value : _ofCategory[(int)Rune.GetUnicodeCategory(rune)];
            starts[count] = at;
            at += length;
        }

        starts[count] = text.Length;
        return count;
    }
}
