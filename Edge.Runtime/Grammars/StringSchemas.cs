using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>Strings: length, pattern, format.</summary>
internal sealed class StringSchemas(Expressions e, GrammarOptions options)
{
    private readonly int _quote = e.Literal("\""u8);

    // Working out an automaton is the slow part of compiling, and catalogues repeat themselves.
    private readonly Dictionary<(int Shape, int Min, int Max), int> _finished = [];
    private readonly Dictionary<string, int> _shapes = [];

    /// <summary>One character between quotes.</summary>
    public int Character { get; } = CodePoints.InJson(e, CodePoints.All);

    public int Compile(IReadOnlyList<SchemaPart> parts)
    {
        int min = 0, max = -1;
        int shape = -1;
        foreach (var part in parts)
        {
            min = Math.Max(min, part.Count("minLength") ?? 0);
            if (part.Count("maxLength") is { } most)
            {
                max = max < 0 ? most : Math.Min(max, most);
            }

            shape = And(shape, Pattern(part));
            shape = And(shape, Format(part));
        }

        max = max < 0 ? Math.Max(options.StringCharsMax, min) : max;
        if (min > max)
        {
            return Expressions.Never;
        }

        int characters = e.Repeat(Character, min, max);
        return Quoted(shape < 0 ? characters : Finished(shape, characters, min, max));
    }

    /// <summary>Any string that is none of <paramref name="names"/>.</summary>
    public int AnyBut(IEnumerable<string> names)
    {
        var excluded = names.Select(n => e.Literal(System.Text.Encoding.UTF8.GetBytes(JsonTexts.Quote(n)[1..^1]))).ToArray();
        int any = e.Repeat(Character, 0, options.StringCharsMax);
        return Quoted(excluded.Length == 0 ? any : e.Finish(e.Both(any, e.Not(e.Choice(excluded))), options.StatesMax));
    }

    private int Finished(int shape, int characters, int min, int max)
    {
        if (!_finished.TryGetValue((shape, min, max), out int result))
        {
            result = e.Finish(e.Both(shape, characters), options.StatesMax);
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

        try
        {
            return Shape("pattern " + pattern.GetString(), () => new Patterns(e).Compile(pattern.GetString()!));
        }
        catch (FormatException fault)
        {
            throw part.Fault("pattern", fault.Message);
        }
    }

    private int Format(SchemaPart part)
    {
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
