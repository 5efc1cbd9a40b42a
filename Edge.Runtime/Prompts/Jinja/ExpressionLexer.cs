using System.Text;

namespace Edge.Runtime.Prompts.Jinja;

internal enum TokenType
{
    Name,
    Text,
    Number,
    Operator,
    End,
}

internal readonly record struct ExpressionToken(TokenType Type, string Text);

/// <summary>Cuts what stands between braces into names, numbers, strings and operators.</summary>
internal static class ExpressionLexer
{
    private static readonly string[] _operators = ["==", "!=", "<=", ">=", "//", "**", "<", ">", "+", "-", "*", "/", "%", "~", "|", ".", ",", ":", "(", ")", "[", "]", "{", "}", "="];

    public static List<ExpressionToken> Cut(string text, int line)
    {
        var tokens = new List<ExpressionToken>();
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                int end = at;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                {
                    end++;
                }

                tokens.Add(new ExpressionToken(TokenType.Name, text[at..end]));
                at = end;
            }
            else if (char.IsAsciiDigit(c))
            {
                int end = at;
                while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
                {
                    end++;
                }

                tokens.Add(new ExpressionToken(TokenType.Number, text[at..end]));
                at = end;
            }
            else if (c is '\'' or '"')
            {
                tokens.Add(new ExpressionToken(TokenType.Text, ReadText(text, ref at, line)));
            }
            else
            {
                string op = _operators.FirstOrDefault(o => text.AsSpan(at).StartsWith(o, StringComparison.Ordinal)) ?? throw new TemplateException($"'{c}' has no meaning here", line);
                tokens.Add(new ExpressionToken(TokenType.Operator, op));
                at += op.Length;
            }
        }

        tokens.Add(new ExpressionToken(TokenType.End, ""));
        return tokens;
    }

    private static string ReadText(string text, ref int at, int line)
    {
        char quote = text[at++];
        var value = new StringBuilder();
        for (; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] != '\\' || at + 1 == text.Length)
            {
                value.Append(text[at]);
                continue;
            }

            value.Append(text[++at] switch
            {
                'n' => "\n",
                't' => "\t",
                'r' => "\r",
                '\\' => "\\",
                '\'' => "'",
                '"' => "\"",
                '\n' => "",
                var other => "\\" + other,
            });
        }

        if (at++ >= text.Length)
        {
            throw new TemplateException("a string does not end", line);
        }

        return value.ToString();
    }
}
