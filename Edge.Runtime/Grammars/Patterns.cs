using System.Globalization;
using System.Text;

namespace Edge.Runtime.Grammars;

/// <summary>
/// The regular subset of ECMA-262 patterns over the characters of a JSON string: literals, classes, groups, alternation, quantifiers, and
/// anchors at the ends. A pattern may match anywhere in the string unless it is anchored (JSON Schema core, 6.3.3).
/// </summary>
internal sealed class Patterns(Expressions e)
{
    private static readonly (int First, int Last)[] DigitSet = [('0', '9')];
    private static readonly (int First, int Last)[] WordSet = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    private static readonly (int First, int Last)[] SpaceSet =
        [(9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)];

    private static readonly (int First, int Last)[] LineEnds = [('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)];

    private string _text = "";
    private int _at;

    /// <summary>The strings, between their quotes, that <paramref name="pattern"/> matches.</summary>
    /// <exception cref="FormatException">The pattern is malformed or not regular; the message names the place.</exception>
    public int Compile(string pattern)
    {
        (_text, _at) = (pattern, 0);
        int result = Alternatives(top: true);
        return _at == _text.Length ? result : throw Fault("an unmatched )");
    }

    private int Alternatives(bool top)
    {
        Expressions.EnsureStack();
        int result = Alternative(top);
        while (Take('|'))
        {
            result = e.Choice(result, Alternative(top));
        }

        return result;
    }

    private int Alternative(bool top)
    {
        int any = top ? e.Repeat(CodePoints.InJson(e, CodePoints.All), 0, Expressions.Unbounded) : Expressions.Empty;
        int before = any, after = any;
        if (Take('^'))
        {
            before = top ? Expressions.Empty : throw Fault("^ inside a group");
        }

        var parts = new List<int>();
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
        {
            if (_text[_at] == '$')
            {
                _at++;
                if (!top || (_at < _text.Length && _text[_at] is not '|'))
                {
                    throw Fault("$ before the end");
                }

                after = Expressions.Empty;
                break;
            }

            parts.Add(Quantified());
        }

        return e.Sequence(before, e.Sequence(e.Sequence(parts.ToArray()), after));
    }

    private int Quantified()
    {
        int atom = Atom();
        while (_at < _text.Length)
        {
            int min, max;
            switch (_text[_at])
            {
                case '*':
                    (min, max) = (0, Expressions.Unbounded);
                    _at++;
                    break;
                case '+':
                    (min, max) = (1, Expressions.Unbounded);
                    _at++;
                    break;
                case '?':
                    (min, max) = (0, 1);
                    _at++;
                    break;
                case '{':
                    (min, max) = Counts();
                    break;
                default:
                    return atom;
            }

            Take('?'); // Lazy or greedy makes no difference to what matches.
            atom = e.Repeat(atom, min, max);
        }

        return atom;
    }

    private (int Min, int Max) Counts()
    {
        int end = _text.IndexOf('}', _at);
        string inner = end < 0 ? throw Fault("a { without }") : _text[(_at + 1)..end];
        _at = end + 1;
        string[] parts = inner.Split(',');
        if (parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int min))
        {
            throw Fault($"the quantifier {{{inner}}}");
        }

        int max = parts.Length == 1 ? min : parts[1].Length == 0 ? Expressions.Unbounded
            : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int m) ? m : throw Fault($"the quantifier {{{inner}}}");
        return min <= max && min <= 10_000 ? (min, max) : throw Fault($"the quantifier {{{inner}}}");
    }

    private int Atom()
    {
        char c = _text[_at];
        switch (c)
        {
            case '(':
                return Group();
            case '[':
                return CodePoints.InJson(e, Class());
            case '.':
                _at++;
                return CodePoints.InJson(e, Invert(LineEnds));
            case '\\':
                return CodePoints.InJson(e, Escape(inClass: false));
            case '*' or '+' or '?' or '{':
                throw Fault($"{c} with nothing to repeat");
            case '^':
                throw Fault("^ behind the beginning");
            default:
                return CodePoints.InJson(e, [Single(Next())]);
        }
    }

    private int Group()
    {
        _at++;
        if (Take('?'))
        {
            if (_at < _text.Length && _text[_at] == '<' && _at + 1 < _text.Length && _text[_at + 1] is not ('=' or '!'))
            {
                int end = _text.IndexOf('>', _at);
                _at = end < 0 ? throw Fault("a group name without >") : end + 1;
            }
            else if (!Take(':'))
            {
                throw Fault("look-around, which is not regular here");
            }
        }

        int inner = Alternatives(top: false);
        return Take(')') ? inner : throw Fault("a ( without )");
    }

    private List<(int First, int Last)> Class()
    {
        _at++;
        bool inverted = Take('^');
        var set = new List<(int, int)>();
        while (true)
        {
            if (_at >= _text.Length)
            {
                throw Fault("a [ without ]");
            }

            if (Take(']'))
            {
                return inverted ? Invert(set) : set;
            }

            var item = ClassItem();
            if (item.Count == 1 && item[0].First == item[0].Last && _at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                var last = ClassItem();
                if (last.Count != 1 || last[0].First < item[0].First)
                {
                    throw Fault("a class range out of order");
                }

                set.Add((item[0].First, last[0].First));
            }
            else
            {
                set.AddRange(item);
            }
        }
    }

    private List<(int First, int Last)> ClassItem() => _text[_at] == '\\' ? Escape(inClass: true) : [Single(Next())];

    private List<(int First, int Last)> Escape(bool inClass)
    {
        _at++;
        if (_at >= _text.Length)
        {
            throw Fault("a \\ at the end");
        }

        char c = _text[_at++];
        switch (c)
        {
            case 'd': return [.. DigitSet];
            case 'D': return Invert(DigitSet);
            case 'w': return [.. WordSet];
            case 'W': return Invert(WordSet);
            case 's': return [.. SpaceSet];
            case 'S': return Invert(SpaceSet);
            case 'n': return [Single('\n')];
            case 'r': return [Single('\r')];
            case 't': return [Single('\t')];
            case 'f': return [Single('\f')];
            case 'v': return [Single('\v')];
            case '0': return [Single(0)];
            case 'b' when inClass: return [Single('\b')];
            case 'x': return [Single(Hex(2))];
            case 'u' when _at < _text.Length && _text[_at] == '{':
                int end = _text.IndexOf('}', _at);
                return end > 0 && int.TryParse(_text.AsSpan(_at + 1, end - _at - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int value) && value <= 0x10FFFF
                    ? Moved(end + 1, value)
                    : throw Fault("a malformed \\u{…}");
            case 'u': return [Single(Hex(4))];
            default:
                return char.IsAsciiLetterOrDigit(c) ? throw Fault($"\\{c}, which is not supported") : [Single(c)];
        }
    }

    private List<(int First, int Last)> Moved(int at, int value)
    {
        _at = at;
        return [Single(value)];
    }

    private int Hex(int digits)
    {
        if (_at + digits <= _text.Length && int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
        {
            _at += digits;
            return value;
        }

        throw Fault("a malformed hexadecimal escape");
    }

    private int Next()
    {
        if (Rune.DecodeFromUtf16(_text.AsSpan(_at), out var rune, out int consumed) != System.Buffers.OperationStatus.Done)
        {
            throw Fault("half a surrogate pair");
        }

        _at += consumed;
        return rune.Value;
    }

    private bool Take(char c)
    {
        if (_at < _text.Length && _text[_at] == c)
        {
            _at++;
            return true;
        }

        return false;
    }

    private static (int First, int Last) Single(int c) => (c, c);

    private static List<(int First, int Last)> Invert(IEnumerable<(int First, int Last)> set)
    {
        var result = new List<(int, int)>();
        int next = 0;
        foreach (var (first, last) in set.Order())
        {
            if (first > next)
            {
                result.Add((next, first - 1));
            }

            next = Math.Max(next, last + 1);
        }

        if (next <= 0x10FFFF)
        {
            result.Add((next, 0x10FFFF));
        }

        return result;
    }

    private FormatException Fault(string what) => new($"The pattern {_text} has {what} (character {_at + 1}).");
}
