using System.Globalization;

namespace Edge.Tests.Grammars.Reference;

/// <summary>The formats the judge asserts, by arithmetic on parts (RFC 3339 section 5.6, RFC 4122 section 3, RFC 2673 section 3.2).</summary>
internal static class TextFormat
{
    public static readonly string[] Known = ["date", "time", "date-time", "uuid", "ipv4"];

    public static bool Holds(string format, string text) => format switch
    {
        "date" => IsDate(text),
        "time" => IsTime(text),
        "date-time" => text.Length > 11 && text[10] is 'T' or 't' && IsDate(text[..10]) && IsTime(text[11..]),
        "uuid" => text.Length == 36 && text.Select((c, i) => i is 8 or 13 or 18 or 23 ? c == '-' : char.IsAsciiHexDigit(c)).All(fits => fits),
        "ipv4" => text.Split('.') is { Length: 4 } parts && parts.All(part => part.Length is >= 1 and <= 3 && IsDigits(part) && Number(part) <= 255 && (part.Length == 1 || part[0] != '0')),
        _ => true,
    };

    private static bool IsDate(string text)
    {
        if (text.Length != 10 || text[4] != '-' || text[7] != '-' || !IsDigits(text[..4] + text[5..7] + text[8..]))
        {
            return false;
        }

        int year = Number(text[..4]);
        int month = Number(text[5..7]);
        int day = Number(text[8..]);
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        int days = month switch { 2 => leap ? 29 : 28, 4 or 6 or 9 or 11 => 30, >= 1 and <= 12 => 31, _ => 0 };
        return day >= 1 && day <= days;
    }

    private static bool IsTime(string text)
    {
        if (text.Length < 9 || text[2] != ':' || text[5] != ':' || !IsDigits(text[..2] + text[3..5] + text[6..8]))
        {
            return false;
        }

        int at = 8;
        if (text[at] == '.')
        {
            int start = ++at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            if (at == start)
            {
                return false;
            }
        }

        int hour = Number(text[..2]);
        int minute = Number(text[3..5]);
        int second = Number(text[6..8]);
        if (hour > 23 || minute > 59 || second > 60 || !TryOffset(text[at..], out int offset))
        {
            return false;
        }

        // A leap second ends a day in UTC.
        return second < 60 || (((hour * 60) + minute - offset + (2 * 1440)) % 1440) == 1439;
    }

    private static bool TryOffset(string text, out int minutes)
    {
        minutes = 0;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':' || !IsDigits(text[1..3] + text[4..]))
        {
            return false;
        }

        minutes = ((Number(text[1..3]) * 60) + Number(text[4..])) * (text[0] == '-' ? -1 : 1);
        return Number(text[1..3]) <= 23 && Number(text[4..]) <= 59;
    }

    private static bool IsDigits(string text) => text.All(char.IsAsciiDigit);

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
