using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>Strings: length, pattern, format.</summary>
internal sealed class StringSchemas(Expressions e, GrammarOptions options)
{
    /// <summary>Characters of a pattern.</summary>
    private const int PatternCharsMax = 2_000;

    private readonly int _quote = options.Style.StringToken is { } token ? e.Special(Expressions.FirstSpecial + token) : e.Literal("\""u8);

    // Working out an automaton is the slow part of compiling, and catalogues repeat themselves.
    private readonly Dictionary<(int Shape, int Min, int Max), int> _finished = [];
    private readonly Dictionary<string, int> _shapes = [];

    /// <summary>One character between quotes.</summary>
    public int Character { get; } = options.Style.StringToken is null ? CodePoints.InJson(e, CodePoints.All) : CodePoints.Raw(e, CodePoints.Printable);

    /// <summary>One listed string.</summary>
    public int Listed(string value, bool ignoreCase)
    {
        if (options.Style.StringToken is null)
        {
            return ignoreCase ? JsonTexts.QuoteIgnoringCase(e, value) : e.Literal(System.Text.Encoding.UTF8.GetBytes(JsonTexts.Quote(value)));
        }

        int result = Expressions.Empty;
        foreach (var rune in value.EnumerateRunes().Reverse())
        {
            int upper = System.Text.Rune.ToUpperInvariant(rune).Value, lower = System.Text.Rune.ToLowerInvariant(rune).Value;
            (int, int) own = (rune.Value, rune.Value);
            result = e.Sequence(CodePoints.Raw(e, ignoreCase ? [own, (upper, upper), (lower, lower)] : [own]), result);
        }

        return Quoted(result);
    }

    public int Compile(IReadOnlyList<SchemaPart> parts)
    {
        int min = 0, max = -1;
        int shape = -1, longest = -1;
        SchemaPart? shaped = null;
        foreach (var part in parts)
        {
            min = Math.Max(min, part.Least("minLength", options.LeastMax));
            if (part.Count("maxLength") is { } most)
            {
                max = max < 0 ? most : Math.Min(max, most);
            }

            if (Pattern(part) is var pattern and >= 0)
            {
                (shape, longest, shaped) = (And(shape, pattern), -1, part);
            }

            if (Format(part, out int length) is var format and >= 0)
            {
                (shape, longest, shaped) = (And(shape, format), shape < 0 ? length : -1, part);
            }
        }

        max = max < 0 ? Math.Max(options.StringCharsMax, min) : max;
        if (min > max)
        {
            return Expressions.Never;
        }

        if (shape < 0)
        {
            return Quoted(e.Repeat(Character, min, max));
        }

        // A format alone has no dead ends and says itself how long it is.
        return Quoted(min == 0 && longest >= 0 && longest <= max ? shape : Finished(shaped!.Value, shape, min, max));
    }

    /// <summary>Any string that is none of <paramref name="names"/>.</summary>
    public int AnyBut(IEnumerable<string> names)
    {
        var excluded = names.Select(n => e.Literal(System.Text.Encoding.UTF8.GetBytes(JsonTexts.Quote(n)[1..^1]))).ToArray();
        int any = e.Repeat(Character, 0, options.StringCharsMax);
        return Quoted(excluded.Length == 0 ? any : e.Finish(e.Both(any, e.Not(e.Choice(excluded))), options.StatesMax));
    }

    private int Finished(SchemaPart part, int shape, int min, int max)
    {
        if (!_finished.TryGetValue((shape, min, max), out int result))
        {
            try
            {
                result = e.Finish(e.Both(shape, e.Repeat(Character, min, max)), options.StatesMax);
            }
            catch (GrammarLimitException limit)
            {
                throw part.Fault(part.Has("pattern") ? "pattern" : "format", $"together with the string's length: {limit.Message}");
            }

            _finished.Add((shape, min, max), result);
        }

        return result;
    }

    private int Quoted(int inner) => e.Sequence(_quote, inner, _quote);

    private int And(int a, int b) => a < 0 ? b : b < 0 ? a : e.Both(a, b);

    private int Pattern(SchemaPart part)
    {
        if (part.Find("pattern") is not { } pattern)
        {
            return -1;
        }

        if (pattern.ValueKind != JsonValueKind.String)
        {
            throw part.Fault("pattern", $"{pattern.GetRawText()} must be a string.");
        }

        string text = pattern.GetString()!;
        if (text.Length > PatternCharsMax)
        {
            throw part.Fault("pattern", $"has {text.Length} characters; use at most {PatternCharsMax}.");
        }

        try
        {
            return Shape("pattern " + text, () => new Patterns(e).Compile(text));
        }
        catch (Exception fault) when (fault is FormatException or GrammarLimitException)
        {
            throw part.Fault("pattern", fault.Message);
        }
    }

    /// <param name="longest">Characters of the longest text of the format.</param>
    private int Format(SchemaPart part, out int longest)
    {
        longest = Formats.CharsMax;
        if (part.Find("format") is not { } format)
        {
            return -1;
        }

        string name = format.ValueKind == JsonValueKind.String ? format.GetString()! : format.GetRawText();
        return Shape("format " + name, () => Formats.Find(e, name) ?? -1) is var shape and >= 0 ? shape : throw part.Fault("format", $"the format {name} cannot be enforced; use date, time, date-time, uuid, ipv4, or a pattern.");
    }

    private int Shape(string key, Func<int> make)
    {
        if (!_shapes.TryGetValue(key, out int shape))
        {
            shape = make();
            _shapes.Add(key, shape);
        }

        return shape;
    }
}
