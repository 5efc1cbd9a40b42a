namespace Edge.Runtime.Grammars;

/// <summary>Finds the JSON objects in a text.</summary>
internal static class JsonSpans
{
    /// <summary>Every outermost <c>{…}</c>, braces inside strings not counted.</summary>
    public static IEnumerable<string> Objects(string text)
    {
        int depth = 0, start = 0;
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (inString)
            {
                i += c == '\\' ? 1 : 0;
                inString = c != '"';
            }
            else if (c == '"')
            {
                inString = depth > 0;
            }
            else if (c == '{' && depth++ == 0)
            {
                start = i;
            }
            else if (c == '}' && depth > 0 && --depth == 0)
            {
                yield return text[start..(i + 1)];
            }
        }
    }
}
