using System.Globalization;
using System.Text;

namespace Edge.Runtime.Grammars;

/// <summary>Sets of Unicode scalar values as byte expressions in UTF-8 (RFC 3629), raw or as they stand inside a JSON string (RFC 8259).</summary>
internal static class CodePoints
{
    /// <summary>Every scalar value.</summary>
    public static readonly (int First, int Last)[] All = [(0, 0xD7FF), (0xE000, 0x10FFFF)];

    /// <summary>Every scalar value but the control characters.</summary>
    public static readonly (int First, int Last)[] Printable = [(0x20, 0x7E), (0xA0, 0xD7FF), (0xE000, 0x10FFFF)];

    /// <summary>One character as it stands in a text without escapes.</summary>
    public static int Raw(Expressions e, IEnumerable<(int First, int Last)> ranges)
    {
        int result = Expressions.Never;
        foreach (var (first, last) in ranges)
        {
            // A range may not cross the places where the length of the encoding changes, nor the surrogates.
            result = e.Choice(result, Part(e, first, last, 0, 0x7F));
            result = e.Choice(result, Part(e, first, last, 0x80, 0x7FF));
            result = e.Choice(result, Part(e, first, last, 0x800, 0xD7FF));
            result = e.Choice(result, Part(e, first, last, 0xE000, 0xFFFF));
            result = e.Choice(result, Part(e, first, last, 0x10000, 0x10FFFF));
        }

        return result;
    }

    /// <summary>One character as it stands in a JSON string: only quotes, backslashes and controls are escaped, each in its shortest form.</summary>
    public static int InJson(Expressions e, IReadOnlyList<(int First, int Last)> ranges)
    {
        if (PlainAscii(ranges) is { } set)
        {
            return e.Bytes(set);
        }

        int result = Raw(e, Without(ranges));
        for (int c = 0; c <= 0x5C; c = c == 0x1F ? 0x22 : c == 0x22 ? 0x5C : c + 1)
        {
            if (ranges.Any(r => r.First <= c && c <= r.Last))
            {
                result = e.Choice(result, e.Literal(Encoding.ASCII.GetBytes(Escape((char)c))));
            }
        }

        return result;
    }

    /// <summary>How JSON text here writes one character; characters without an escape stand for themselves.</summary>
    public static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
        _ => c.ToString(),
    };

    /// <summary>The characters as bytes, where all of them stand for themselves as one.</summary>
    private static ByteSet? PlainAscii(IReadOnlyList<(int First, int Last)> ranges)
    {
        var set = ByteSet.None;
        foreach (var (first, last) in ranges)
        {
            if (first < ' ' || last > 0x7E || (first <= '"' && '"' <= last) || (first <= '\\' && '\\' <= last))
            {
                return null;
            }

            set = set.Or(ByteSet.Range(first, last));
        }

        return set;
    }

    private static List<(int First, int Last)> Without(IReadOnlyList<(int First, int Last)> ranges)
    {
        var result = new List<(int, int)>();
        foreach (var (first, last) in ranges)
        {
            Add(first, last, 0x20, 0x21);
            Add(first, last, 0x23, 0x5B);
            Add(first, last, 0x5D, 0x10FFFF);
        }

        return result;

        void Add(int first, int last, int low, int high)
        {
            if (Math.Max(first, low) <= Math.Min(last, high))
            {
                result.Add((Math.Max(first, low), Math.Min(last, high)));
            }
        }
    }

    private static int Part(Expressions e, int first, int last, int low, int high)
    {
        (first, last) = (Math.Max(first, low), Math.Min(last, high));
        if (first > last)
        {
            return Expressions.Never;
        }

        Span<byte> from = stackalloc byte[4], to = stackalloc byte[4];
        int length = new Rune(first).EncodeToUtf8(from);
        new Rune(last).EncodeToUtf8(to);
        return Between(e, from[..length], to[..length]);
    }

    /// <summary>All encodings of one length from <paramref name="from"/> to <paramref name="to"/>.</summary>
    private static int Between(Expressions e, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        if (from.Length == 1)
        {
            return e.Bytes(from[0], to[0]);
        }

        Span<byte> least = stackalloc byte[from.Length - 1], most = stackalloc byte[from.Length - 1];
        least.Fill(0x80);
        most.Fill(0xBF);
        if (from[0] == to[0])
        {
            return e.Sequence(e.Bytes(from[0], from[0]), Between(e, from[1..], to[1..]));
        }

        int result = Expressions.Never;
        int first = from[0], last = to[0];
        if (!from[1..].SequenceEqual(least))
        {
            result = e.Sequence(e.Bytes(first, first), Between(e, from[1..], most));
            first++;
        }

        if (!to[1..].SequenceEqual(most))
        {
            result = e.Choice(result, e.Sequence(e.Bytes(last, last), Between(e, least, to[1..])));
            last--;
        }

        return first > last ? result : e.Choice(result, e.Sequence(e.Bytes(first, last), Between(e, least, most)));
    }
}
