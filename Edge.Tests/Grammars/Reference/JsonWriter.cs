using System.Globalization;
using System.Text;

namespace Edge.Tests.Grammars.Reference;

/// <summary>The one compact spelling of a value: no spaces, only the needed escapes, everything else raw.</summary>
internal static class JsonWriter
{
    /// <summary>Numbers keep their text; a lone surrogate becomes U+FFFD, so that it never equals what was read.</summary>
    public static byte[] Write(JsonTerm value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static string Text(JsonTerm value) => Encoding.UTF8.GetString(Write(value));

    private static void Append(StringBuilder text, JsonTerm value)
    {
        switch (value)
        {
            case JsonTerm.Null: text.Append("null"); break;
            case JsonTerm.Flag flag: text.Append(flag.Value ? "true" : "false"); break;
            case JsonTerm.Number number: text.Append(number.Text); break;
            case JsonTerm.Chars word: Quote(text, word.Value); break;
            case JsonTerm.List list:
                text.Append('[');
                for (int i = 0; i < list.Items.Count; i++)
                {
                    Append(i == 0 ? text : text.Append(','), list.Items[i]);
                }

                text.Append(']');
                break;
            case JsonTerm.Map map:
                text.Append('{');
                for (int i = 0; i < map.Members.Count; i++)
                {
                    Quote(i == 0 ? text : text.Append(','), map.Members[i].Key);
                    Append(text.Append(':'), map.Members[i].Value);
                }

                text.Append('}');
                break;
        }
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
