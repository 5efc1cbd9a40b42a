using System.Text;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Grammars;

/// <summary>Text in which a vocabulary's special tokens stand for themselves.</summary>
internal sealed class SpokenText(Tokenizer tokenizer)
{
    /// <summary>A fixed text, special tokens in it as one symbol each.</summary>
    public int Expression(Expressions e, string text)
    {
        foreach (var (name, id) in tokenizer.Vocabulary.Special.OrderByDescending(s => s.Key.Length))
        {
            int found = text.IndexOf(name, StringComparison.Ordinal);
            if (found >= 0)
            {
                return e.Sequence(Expression(e, text[..found]), e.Special(Expressions.FirstSpecial + id), Expression(e, text[(found + name.Length)..]));
            }
        }

        return e.Literal(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>An answer in words: it begins with no sign that a call could begin with.</summary>
    public static int Words(Expressions e, int charsMax)
    {
        int first = CodePoints.Raw(e, [(0x21, 0x3B), (0x3D, 0x5A), (0x5C, 0x7A), (0xA0, 0xD7FF), (0xE000, 0x10FFFF)]);
        return charsMax == 0 ? Expressions.Empty : e.Sequence(first, e.Repeat(CodePoints.Raw(e, CodePoints.Printable), 0, charsMax - 1));
    }

    /// <summary>The text of an answer up to its end token; special tokens in it by their names.</summary>
    public string Read(ReadOnlySpan<int> tokens, int end)
    {
        var text = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= tokens.Length; i++)
        {
            if (i == tokens.Length || tokenizer.Vocabulary.Kind(tokens[i]) == TokenKind.Special)
            {
                text.Append(tokenizer.Decode(tokens[start..i]));
                start = i + 1;
                if (i < tokens.Length && tokens[i] == end)
                {
                    break;
                }
            }
        }

        return text.ToString();
    }
}
