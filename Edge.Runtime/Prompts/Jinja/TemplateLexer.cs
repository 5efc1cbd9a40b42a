namespace Edge.Runtime.Prompts.Jinja;

/// <summary>A piece of a template: text, or what stands between braces.</summary>
internal readonly record struct Segment(SegmentKind Kind, string Text, int Line);

internal enum SegmentKind
{
    Text,

    /// <summary>Between <c>{{</c> and <c>}}</c>.</summary>
    Expression,

    /// <summary>Between <c>{%</c> and <c>%}</c>.</summary>
    Statement,
}

/// <summary>
/// Cuts a template into segments. White space goes as Hugging Face's transformers sets it (trim_blocks, lstrip_blocks) and as hyphens beside the
/// braces ask. Source: Jinja's documentation, "Whitespace Control".
/// </summary>
internal static class TemplateLexer
{
    public const int CharsMax = 256 << 10;

    public static List<Segment> Cut(string source)
    {
        if (source.Length > CharsMax)
        {
            throw new TemplateException($"it has {source.Length} characters, more than {CharsMax}", 1);
        }

        source = source.ReplaceLineEndings("\n");
        source = source.EndsWith('\n') ? source[..^1] : source;
        var segments = new List<Segment>();
        int at = 0;
        bool stripStart = false, trimNewline = false;
        while (true)
        {
            int open = FindOpen(source, at);
            string text = source[at..(open < 0 ? source.Length : open)];
            text = stripStart ? text.TrimStart() : trimNewline && text.StartsWith('\n') ? text[1..] : text;
            if (open < 0)
            {
                Add(SegmentKind.Text, text, at);
                return segments;
            }

            char kind = source[open + 1];
            bool hyphen = open + 2 < source.Length && source[open + 2] == '-', plus = open + 2 < source.Length && source[open + 2] == '+';
            text = hyphen ? text.TrimEnd() : kind != '{' && !plus ? TrimIndent(text, open, source) : text;
            Add(SegmentKind.Text, text, at);
            string closer = kind switch { '{' => "}}", '%' => "%}", _ => "#}" };
            int close = FindClose(source, open + 2, closer);
            if (close < 0)
            {
                throw new TemplateException($"{source.AsSpan(open, 2)} has no {closer}", LineOf(source, open));
            }

            bool hyphenEnd = source[close - 1] == '-', plusEnd = source[close - 1] == '+';
            int from = open + 2 + (hyphen || plus ? 1 : 0), to = Math.Max(from, close - (hyphenEnd || plusEnd ? 1 : 0));
            if (kind != '#')
            {
                Add(kind == '{' ? SegmentKind.Expression : SegmentKind.Statement, source[from..to], open);
            }

            at = close + 2;
            (stripStart, trimNewline) = (hyphenEnd, kind != '{' && !plusEnd);
        }

        void Add(SegmentKind kind, string text, int place)
        {
            if (kind != SegmentKind.Text || text.Length > 0)
            {
                segments.Add(new Segment(kind, text, LineOf(source, place)));
            }
        }
    }

    private static int FindOpen(string source, int from)
    {
        for (int at = source.IndexOf('{', from); at >= 0 && at + 1 < source.Length; at = source.IndexOf('{', at + 1))
        {
            if (source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The closing braces, not those inside a string.</summary>
    private static int FindClose(string source, int from, string closer)
    {
        char quote = '\0';
        for (int at = from; at + 1 < source.Length; at++)
        {
            char c = source[at];
            if (quote != '\0')
            {
                at += c == '\\' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (closer != "#}" && c is '\'' or '"' && closer != "#}")
            {
                quote = c;
            }
            else if (c == closer[0] && source[at + 1] == closer[1])
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Spaces between the start of a line and a statement go.</summary>
    private static string TrimIndent(string text, int open, string source)
    {
        string trimmed = text.TrimEnd(' ', '\t');
        int lineStart = open - (text.Length - trimmed.Length);
        return lineStart == 0 || source[lineStart - 1] == '\n' ? trimmed : text;
    }

    private static int LineOf(string source, int at) => source.AsSpan(0, at).Count('\n') + 1;
}
