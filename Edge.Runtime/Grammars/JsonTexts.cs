using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>The one canonical text of a JSON value: compact, shortest escapes, plain decimals. Grammars accept exactly such texts.</summary>
internal static class JsonTexts
{
    public static string Of(JsonElement value) => Of(value, TextStyle.Compact);

    public static string Of(JsonElement value, TextStyle style)
    {
        var text = new StringBuilder();
        Append(text, value, style);
        return text.ToString();
    }

    public static string Quote(string value)
    {
        var text = new StringBuilder();
        AppendQuoted(text, value);
        return text.ToString();
    }

    /// <summary>A quoted string whose letters match in either case.</summary>
    public static int QuoteIgnoringCase(Expressions e, string value)
    {
        int result = e.Literal("\""u8);
        foreach (var rune in value.EnumerateRunes().Reverse())
        {
            // Nearly every character of a name: no need to look at how it is encoded.
            if (rune.IsAscii && rune.Value is >= ' ' and not ('"' or '\\') and < 0x7F)
            {
                int lowercase = rune.Value is >= 'A' and <= 'Z' ? rune.Value | 0x20 : rune.Value;
                var either = ByteSet.Of((byte)lowercase);
                result = e.Sequence(e.Bytes(lowercase is >= 'a' and <= 'z' ? either.Or(ByteSet.Of((byte)(lowercase & ~0x20))) : either), result);
                continue;
            }

            int upper = Rune.ToUpperInvariant(rune).Value, lower = Rune.ToLowerInvariant(rune).Value;
            result = e.Sequence(CodePoints.InJson(e, [(rune.Value, rune.Value), (upper, upper), (lower, lower)]), result);
        }

        return e.Sequence(e.Literal("\""u8), result);
    }

    private static void Append(StringBuilder text, JsonElement value, TextStyle style)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AppendList(text, '{', '}', style.Comma, value.EnumerateObject(), (t, member) =>
                {
                    AppendQuoted(t, member.Name);
                    t.Append(style.Colon);
                    Append(t, member.Value, style);
                });
                break;
            case JsonValueKind.Array:
                AppendList(text, '[', ']', style.Comma, value.EnumerateArray(), (t, item) => Append(t, item, style));
                break;
            case JsonValueKind.String:
                AppendQuoted(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(CultureInfo.InvariantCulture, $"{DecimalText.Parse(value.GetRawText())}");
                break;
            case JsonValueKind.True:
                text.Append(style.True);
                break;
            case JsonValueKind.False:
                text.Append(style.False);
                break;
            default:
                text.Append(style.Null);
                break;
        }
    }

    private static void AppendList<T>(StringBuilder text, char open, char close, string comma, IEnumerable<T> items, Action<StringBuilder, T> append)
    {
        text.Append(open);
        bool first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                text.Append(comma);
            }

            first = false;
            append(text, item);
        }

        text.Append(close);
    }

    private static void AppendQuoted(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            text.Append(CodePoints.Escape(c));
        }

        text.Append('"');
    }
}
