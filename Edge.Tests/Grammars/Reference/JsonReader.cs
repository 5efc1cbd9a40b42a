using System.Globalization;
using System.Text;

namespace Edge.Tests.Grammars.Reference;

/// <summary>RFC 8259, strictly, over bytes: the plainest parser that can be written.</summary>
internal sealed class JsonReader
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _text;
    private int _at;

    private JsonReader(byte[] text) => _text = text;

    public static JsonTerm Read(string text) => TryRead(Encoding.UTF8.GetBytes(text)) ?? throw new FormatException("Not JSON: " + text);

    /// <returns>Null when the bytes are not exactly one JSON text.</returns>
    public static JsonTerm? TryRead(byte[] text)
    {
        try
        {
            _ = s_strict.GetCharCount(text);
            var reader = new JsonReader(text);
            var value = reader.Value();
            reader.Space();
            return reader._at == text.Length ? value : null;
        }
        catch (Exception fault) when (fault is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    private int Peek => _at < _text.Length ? _text[_at] : -1;

    private JsonTerm Value()
    {
        Space();
        switch (Peek)
        {
            case '{': return Map();
            case '[': return List();
            case '"': return new JsonTerm.Chars(Text());
            case 't': Literal("true"); return new JsonTerm.Flag(true);
            case 'f': Literal("false"); return new JsonTerm.Flag(false);
            case 'n': Literal("null"); return new JsonTerm.Null();
            default: return Number();
        }
    }

    private JsonTerm.Map Map()
    {
        var members = new List<KeyValuePair<string, JsonTerm>>();
        Literal("{");
        Space();
        if (Peek != '}')
        {
            do
            {
                Space();
                string key = Text();
                Space();
                Literal(":");
                members.Add(new(key, Value()));
                Space();
            }
            while (Take(','));
        }

        Literal("}");
        return new JsonTerm.Map(members);
    }

    private JsonTerm.List List()
    {
        var items = new List<JsonTerm>();
        Literal("[");
        Space();
        if (Peek != ']')
        {
            do
            {
                items.Add(Value());
                Space();
            }
            while (Take(','));
        }

        Literal("]");
        return new JsonTerm.List(items);
    }

    private string Text()
    {
        Literal("\"");
        var text = new StringBuilder();
        int start = _at;
        while (Peek != '"')
        {
            if (Peek < 0x20)
            {
                throw new FormatException("A string does not end, or has a bare control character.");
            }

            if (Peek != '\\')
            {
                _at++;
                continue;
            }

            text.Append(s_strict.GetString(_text, start, _at - start));
            _at++;
            text.Append(Escape());
            start = _at;
        }

        text.Append(s_strict.GetString(_text, start, _at - start));
        _at++;
        return text.ToString();
    }

    private char Escape()
    {
        int kind = Peek;
        _at++;
        switch (kind)
        {
            case '"' or '\\' or '/': return (char)kind;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when _at + 4 <= _text.Length && _text.AsSpan(_at, 4).ToArray().All(b => char.IsAsciiHexDigit((char)b)):
                _at += 4;
                return (char)int.Parse(Encoding.ASCII.GetString(_text, _at - 4, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            default: throw new FormatException("Not an escape.");
        }
    }

    private JsonTerm.Number Number()
    {
        int start = _at;
        Take('-');
        if (!Take('0'))
        {
            Digits();
        }

        if (Take('.'))
        {
            Digits();
        }

        if (Take('e') || Take('E'))
        {
            _ = Take('+') || Take('-');
            Digits();
        }

        return new JsonTerm.Number(Encoding.ASCII.GetString(_text, start, _at - start));
    }

    private void Digits()
    {
        if (Peek is < '0' or > '9')
        {
            throw new FormatException("Not a digit.");
        }

        while (Peek is >= '0' and <= '9')
        {
            _at++;
        }
    }

    private void Literal(string word)
    {
        foreach (char c in word)
        {
            if (!Take(c))
            {
                throw new FormatException("Not " + word);
            }
        }
    }

    private bool Take(char c)
    {
        if (Peek != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Space()
    {
        while (Peek is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }
    }
}
