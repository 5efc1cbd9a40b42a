using System.Text;

namespace Edge.Runtime.Tokens.Unicode;

/// <summary>
/// Normalization Form C. .NET leaves text as it is where the program runs without ICU, and this one does. Source: Unicode Standard Annex 15,
/// and chapter 3.12 of the Unicode Standard for Hangul.
/// </summary>
internal static class Composition
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    /// <summary>No character below it takes part in composition as a second one, or changes alone.</summary>
    private const char FirstThatMatters = '\u0300';

    public static string Apply(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange(FirstThatMatters, char.MaxValue) < 0)
        {
            return text;
        }

        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, codes);
        }

        Order(codes);
        Compose(codes);
        var composed = new StringBuilder(codes.Count);
        foreach (int code in codes)
        {
            composed.Append(new Rune(code).ToString());
        }

        return composed.ToString();
    }

    private static void Decompose(int code, List<int> codes)
    {
        int syllable = code - HangulBase;
        if (syllable is >= 0 and < Leads * Vowels * Tails)
        {
            codes.Add(LeadBase + (syllable / (Vowels * Tails)));
            codes.Add(VowelBase + (syllable / Tails % Vowels));
            if (syllable % Tails != 0)
            {
                codes.Add(TailBase + (syllable % Tails));
            }
        }
        else if (CanonicalData.TryDecompose(code, out int first, out int second))
        {
            Decompose(first, codes);
            if (second != 0)
            {
                Decompose(second, codes);
            }
        }
        else
        {
            codes.Add(code);
        }
    }

    /// <summary>Sorts each run of marks by class, equals in their order.</summary>
    private static void Order(List<int> codes)
    {
        for (int start = 0; start < codes.Count; start++)
        {
            int end = start;
            while (end < codes.Count && CanonicalData.ClassOf(codes[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] ordered = [.. codes[start..end].OrderBy(CanonicalData.ClassOf)];
                for (int i = 0; i < ordered.Length; i++)
                {
                    codes[start + i] = ordered[i];
                }
            }

            start = end;
        }
    }

    private static void Compose(List<int> codes)
    {
        int written = 0, starter = -1, lastClass = -1;
        foreach (int code in codes.ToArray())
        {
            int own = CanonicalData.ClassOf(code);
            if (starter >= 0 && lastClass < own && TryCompose(codes[starter], code, out int composed))
            {
                codes[starter] = composed;
                continue;
            }

            // A second starter right behind the first is not blocked either: lastClass is then -1.
            (starter, lastClass) = own == 0 ? (written, -1) : (starter, own);
            codes[written++] = code;
        }

        codes.RemoveRange(written, codes.Count - written);
    }

    private static bool TryCompose(int first, int second, out int code)
    {
        if (first - LeadBase is >= 0 and < Leads && second - VowelBase is >= 0 and < Vowels)
        {
            code = HangulBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Tails);
            return true;
        }

        int syllable = first - HangulBase;
        if (syllable is >= 0 and < Leads * Vowels * Tails && syllable % Tails == 0 && second - TailBase is > 0 and < Tails)
        {
            code = first + second - TailBase;
            return true;
        }

        return CanonicalData.TryCompose(first, second, out code);
    }
}
