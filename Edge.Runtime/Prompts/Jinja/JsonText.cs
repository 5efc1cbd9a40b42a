using System.Globalization;
using System.Text;

namespace Edge.Runtime.Prompts.Jinja;

/// <summary>Values as Python's <c>json.dumps(value, ensure_ascii=False)</c> writes them, which is what models were trained on.</summary>
internal static class JsonText
{
    private const int DepthMax = 128;

    /// <param name="indent">Spaces a level; null for one line.</param>
    public static string Of(object? value, int? indent, int line)
    {
        var text = new StringBuilder();
        Write(value, text, indent, 0, line);
        return text.ToString();
    }

    private static void Write(object? value, StringBuilder text, int? indent, int depth, int line)
    {
        // Lists in lists, each twice: a small template could write more than any memory holds; and a list may hold itself.
        if (text.Length > Rendering.CharsMax || depth > DepthMax)
        {
            throw new TemplateException($"tojson writes more than {Rendering.CharsMax} characters or {DepthMax} levels", line);
        }

        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool b:
                text.Append(b ? "true" : "false");
                break;
            case string s:
                Quote(s, text);
                break;
            case List<object?> list:
                WriteAll(list, '[', ']', item => Write(item, text, indent, depth + 1, line));
                break;
            case OrderedDictionary<string, object?> map:
                WriteAll(map, '{', '}', pair =>
                {
                    Quote(pair.Key, text);
                    text.Append(": ");
                    Write(pair.Value, text, indent, depth + 1, line);
                });
                break;
            case long or double or JsonNumber:
                text.Append(Values.ToText(value, line));
                break;
            default:
                throw new TemplateException("tojson is given something that is not there", line);
        }

        void WriteAll<T>(IReadOnlyCollection<T> items, char open, char close, Action<T> write)
        {
            text.Append(open);
            bool first = true;
            foreach (var item in items)
            {
                text.Append(first ? "" : indent is null ? ", " : ",");
                NewLine(depth + 1);
                write(item);
                first = false;
            }

            if (items.Count > 0)
            {
                NewLine(depth);
            }

            text.Append(close);
        }

        void NewLine(int level)
        {
            if (indent is { } spaces)
            {
                text.Append('\n').Append(' ', spaces * level);
            }
        }
    }

    private static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (char c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        text.Append('"');
    }
}
