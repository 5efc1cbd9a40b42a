using System.Globalization;
using System.Text;

namespace Edge.Tests.Grammars.Reference;

/// <summary>
/// ECMA-262 regular expressions (u flag) over code points, searched anywhere in the text; by backtracking, the plainest way.
/// Literals, dot, classes, \d \w \s, groups, alternatives, quantifiers, ^ and $. Anything else is a NotSupportedException.
/// </summary>
internal sealed class Pattern
{
    private readonly int[] _source;
    private int _at;

    private Pattern(string source) => _source = CodePoints(source);

    public static int[] CodePoints(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value)];

    public static Node Parse(string source)
    {
        var pattern = new Pattern(source);
        var node = pattern.Alternatives();
        return pattern._at == pattern._source.Length ? node : throw new NotSupportedException("Pattern " + source);
    }

    public static bool IsFoundIn(string pattern, string text)
    {
        var node = Parse(pattern);
        int[] points = CodePoints(text);
        return Enumerable.Range(0, points.Length + 1).Any(start => node.Match(points, start, _ => true));
    }

    /// <summary>A part of a pattern.</summary>
    public abstract record Node
    {
        /// <summary>Tries every way to match at <paramref name="at"/>; <paramref name="then"/> says whether the rest fits after it.</summary>
        public abstract bool Match(int[] text, int at, Func<int, bool> then);

        public sealed record Set(Func<int, bool> Has, bool Negated, IReadOnlyList<(int First, int Last)> Ranges) : Node
        {
            public override bool Match(int[] text, int at, Func<int, bool> then) => at < text.Length && Has(text[at]) && then(at + 1);
        }

        public sealed record Sequence(IReadOnlyList<Node> Parts) : Node
        {
            public override bool Match(int[] text, int at, Func<int, bool> then) => From(0, text, at, then);

            private bool From(int part, int[] text, int at, Func<int, bool> then) =>
                part == Parts.Count ? then(at) : Parts[part].Match(text, at, next => From(part + 1, text, next, then));
        }

        public sealed record Either(IReadOnlyList<Node> Choices) : Node
        {
            public override bool Match(int[] text, int at, Func<int, bool> then) => Choices.Any(choice => choice.Match(text, at, then));
        }

        public sealed record Repeat(Node Inner, int Min, int Max) : Node
        {
            public override bool Match(int[] text, int at, Func<int, bool> then) => More(0, text, at, then);

            private bool More(int done, int[] text, int at, Func<int, bool> then) =>
                (done < Max && Inner.Match(text, at, next => (next > at || done < Min) && More(done + 1, text, next, then)))
                || (done >= Min && then(at));
        }

        public sealed record Anchor(bool AtEnd) : Node
        {
            public override bool Match(int[] text, int at, Func<int, bool> then) => at == (AtEnd ? text.Length : 0) && then(at);
        }
    }

    private int Peek => _at < _source.Length ? _source[_at] : -1;

    private Node Alternatives()
    {
        var choices = new List<Node> { Sequence() };
        while (Take('|'))
        {
            choices.Add(Sequence());
        }

        return choices.Count == 1 ? choices[0] : new Node.Either(choices);
    }

    private Node.Sequence Sequence()
    {
        var parts = new List<Node>();
        while (Peek is not (-1 or '|' or ')'))
        {
            parts.Add(Quantified(Atom()));
        }

        return new Node.Sequence(parts);
    }

    private Node Quantified(Node atom)
    {
        (int min, int max)? counts = Peek switch
        {
            '*' => (0, int.MaxValue),
            '+' => (1, int.MaxValue),
            '?' => (0, 1),
            '{' => null,
            _ => (-1, -1),
        };
        if (counts is (-1, _))
        {
            return atom;
        }

        if (atom is Node.Anchor)
        {
            throw new NotSupportedException("A repeated anchor.");
        }

        _at++;
        counts ??= Counts();
        Take('?'); // Lazy or not, the language is the same.
        return new Node.Repeat(atom, counts.Value.min, counts.Value.max);
    }

    private (int, int) Counts()
    {
        int min = Digits();
        int max = !Take(',') ? min : Peek == '}' ? int.MaxValue : Digits();
        return Take('}') ? (min, max) : throw new NotSupportedException("A quantifier.");
    }

    private int Digits()
    {
        int start = _at;
        while (Peek is >= '0' and <= '9')
        {
            _at++;
        }

        return int.Parse(string.Concat(_source[start.._at].Select(c => (char)c)), CultureInfo.InvariantCulture);
    }

    private Node Atom()
    {
        int c = _source[_at++];
        switch (c)
        {
            case '^': return new Node.Anchor(false);
            case '$': return new Node.Anchor(true);
            case '.': return Of([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)], negated: true);
            case '[': return Class();
            case '\\': return Of(Escape());
            case '(':
                if (Take('?') && !Take(':'))
                {
                    throw new NotSupportedException("A special group.");
                }

                var inner = Alternatives();
                return Take(')') ? inner : throw new NotSupportedException("An open group.");
            case '*' or '+' or '?' or '{' or '}' or ']': throw new NotSupportedException("A bare " + (char)c);
            default: return Of([(c, c)]);
        }
    }

    private Node.Set Class()
    {
        bool negated = Take('^');
        var ranges = new List<(int, int)>();
        while (!Take(']'))
        {
            var first = ClassPart();
            if (Peek == '-' && _at + 1 < _source.Length && _source[_at + 1] != ']')
            {
                _at++;
                var last = ClassPart();
                if (first is not [(int a, int b)] || last is not [(int y, int z)] || a != b || y != z || a > y)
                {
                    throw new NotSupportedException("A class range.");
                }

                ranges.Add((a, y));
            }
            else
            {
                ranges.AddRange(first);
            }
        }

        return Of(ranges, negated);
    }

    private IReadOnlyList<(int, int)> ClassPart()
    {
        int c = Peek < 0 ? throw new NotSupportedException("An open class.") : _source[_at++];
        return c == '\\' ? (Take('b') ? [(8, 8)] : Take('-') ? [('-', '-')] : Escape()) : [(c, c)];
    }

    private IReadOnlyList<(int, int)> Escape()
    {
        int c = Peek < 0 ? throw new NotSupportedException("A last backslash.") : _source[_at++];
        switch (c)
        {
            case 'd': return s_digits;
            case 'D': return Others(s_digits);
            case 'w': return s_word;
            case 'W': return Others(s_word);
            case 's': return s_space;
            case 'S': return Others(s_space);
            case 't': return [(9, 9)];
            case 'n': return [(10, 10)];
            case 'v': return [(11, 11)];
            case 'f': return [(12, 12)];
            case 'r': return [(13, 13)];
            case 'x': return Hex(2);
            case 'u' when Peek != '{': return Hex(4);
            case '^' or '$' or '\\' or '.' or '*' or '+' or '?' or '(' or ')' or '[' or ']' or '{' or '}' or '|' or '/': return [(c, c)];
            default: throw new NotSupportedException("Escape \\" + char.ConvertFromUtf32(c));
        }
    }

    private IReadOnlyList<(int, int)> Hex(int digits)
    {
        string text = string.Concat(_source.Skip(_at).Take(digits).Select(c => (char)c));
        if (text.Length < digits || !text.All(char.IsAsciiHexDigit))
        {
            throw new NotSupportedException("A hex escape.");
        }

        _at += digits;
        int value = int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return value is >= 0xD800 and <= 0xDFFF ? throw new NotSupportedException("A surrogate escape.") : [(value, value)];
    }

    private static readonly (int, int)[] s_digits = [('0', '9')];
    private static readonly (int, int)[] s_word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    // ECMA-262 WhiteSpace and LineTerminator.
    private static readonly (int, int)[] s_space =
        [(9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)];

    private static List<(int, int)> Others((int First, int Last)[] sorted)
    {
        var others = new List<(int, int)>();
        int next = 0;
        foreach (var (first, last) in sorted)
        {
            if (first > next)
            {
                others.Add((next, first - 1));
            }

            next = last + 1;
        }

        others.Add((next, 0x10FFFF));
        return others;
    }

    private static Node.Set Of(IReadOnlyList<(int First, int Last)> ranges, bool negated = false) =>
        new(c => ranges.Any(range => range.First <= c && c <= range.Last) != negated, negated, ranges);

    private bool Take(char c)
    {
        if (Peek != c)
        {
            return false;
        }

        _at++;
        return true;
    }
}
