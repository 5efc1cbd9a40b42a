using System.Text;

namespace Edge.Runtime.Grammars;

/// <summary>Python-like calls → JSON calls.</summary>
internal static class PythonCalls
{
    /// <summary>Reads <c>[f(a=1, b="x"), g()]</c>.</summary>
    /// <param name="calls">The calls up to the first fault, each as <c>{"name":…,"arguments":{…}}</c>.</param>
    /// <returns>Whether the whole text was such a list.</returns>
    public static bool TryToJson(string text, out List<string> calls)
    {
        calls = [];
        int at = 1;
        while (at < text.Length && text[at] != ']')
        {
            int open = text.IndexOf('(', at);
            if (open < 0 || !TryArguments(text, open + 1, out string arguments, out int end))
            {
                return false;
            }

            calls.Add($"{{\"name\":{JsonTexts.Quote(text[at..open].Trim(' ', ','))},\"arguments\":{{{arguments}}}}}");
            at = end;
        }

        return at == text.Length - 1;
    }

    private static bool TryArguments(string text, int at, out string json, out int end)
    {
        var result = new StringBuilder();
        int depth = 0;
        bool expectName = true;
        for (end = at; end < text.Length; end++)
        {
            char c = text[end];
            switch (c)
            {
                case ')' when depth == 0:
                    json = result.ToString();
                    end++;
                    return true;
                case '"':
                    int close = Close(text, end);
                    result.Append(text, end, close - end);
                    end = close - 1;
                    break;
                case ',' when depth == 0:
                    result.Append(',');
                    expectName = true;
                    break;
                case '=' when depth == 0:
                    result.Append("\":");
                    break;
                case 'T' or 'F' or 'N' when !expectName:
                    string word = c == 'T' ? "true" : c == 'F' ? "false" : "null";
                    result.Append(word);
                    end += word.Length - 1;
                    break;
                case ' ':
                    break;
                default:
                    depth += c is '[' or '{' ? 1 : c is ']' or '}' ? -1 : 0;
                    result.Append(expectName ? "\"" : "").Append(c);
                    if (expectName)
                    {
                        // A name goes on to its "=".
                        int equals = text.IndexOf('=', end);
                        equals = equals < 0 ? text.Length : equals;
                        result.Append(text, end + 1, equals - end - 1);
                        end = equals - 1;
                        expectName = false;
                    }

                    break;
            }
        }

        json = "";
        return false;
    }

    private static int Close(string text, int at)
    {
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            at += text[at] == '\\' ? 1 : 0;
        }

        return Math.Min(at + 1, text.Length);
    }
}
