using System.Globalization;
using System.Text;

namespace Edge.Runtime.Prompts.Jinja;

/// <summary>The functions, methods, filters and tests that chat templates use; any other name is a fault that names it.</summary>
internal static class Functions
{
    private const int RangeMax = 10_000;

    public static object? Call(string name, List<object?> arguments, Dictionary<string, object?> named, int line)
    {
        switch (name)
        {
            case "namespace" or "dict":
                var space = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
                foreach (var (key, value) in named)
                {
                    space[key] = value;
                }

                return space;
            case "range" when arguments is [long] or [long, long]:
                long from = arguments.Count == 2 ? (long)arguments[0]! : 0, to = (long)arguments[^1]!;
                return to - from <= RangeMax
                    ? Enumerable.Range(0, (int)Math.Max(0, to - from)).Select(i => (object?)(from + i)).ToList()
                    : throw new TemplateException($"range has {to - from} numbers, more than {RangeMax}", line);
            case "raise_exception" when arguments is [string text]:
                throw new TemplateException($"it says \"{text}\"", line);
            default:
                throw new TemplateException($"the function {name} is not one Edge has (namespace, dict, range, raise_exception), or is given what it cannot take", line);
        }
    }

    public static object? CallMethod(object? of, string name, List<object?> arguments, int line)
    {
        string? argument = arguments is [string text, ..] ? text : null;
        return (of, name, arguments.Count) switch
        {
            (string s, "strip", 0) => s.Trim(),
            (string s, "lstrip", 0) => s.TrimStart(),
            (string s, "rstrip", 0) => s.TrimEnd(),
            (string s, "strip", 1) when argument is not null => s.Trim(argument.ToCharArray()),
            (string s, "lstrip", 1) when argument is not null => s.TrimStart(argument.ToCharArray()),
            (string s, "rstrip", 1) when argument is not null => s.TrimEnd(argument.ToCharArray()),
            (string s, "split", 1) when argument is { Length: > 0 } => s.Split(argument).Select(p => (object?)p).ToList(),
            (string s, "split", 0) => s.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(p => (object?)p).ToList(),
            (string s, "startswith", 1) when argument is not null => s.StartsWith(argument, StringComparison.Ordinal),
            (string s, "endswith", 1) when argument is not null => s.EndsWith(argument, StringComparison.Ordinal),
            (string s, "replace", 2) when argument is { Length: > 0 } && arguments[1] is string to => Replace(s, argument, to, line),
            (string s, "upper" or "lower" or "title" or "capitalize", 0) => Filter(s, name, [], [], line),
            (OrderedDictionary<string, object?> map, "items", 0) => Items(map),
            (OrderedDictionary<string, object?> map, "keys", 0) => map.Keys.Select(k => (object?)k).ToList(),
            (OrderedDictionary<string, object?> map, "values", 0) => map.Values.ToList(),
            (OrderedDictionary<string, object?> map, "get", 1 or 2) when argument is not null => map.TryGetValue(argument, out object? value) ? value : arguments.ElementAtOrDefault(1),
            (List<object?> list, "append", 1) => Append(list, arguments[0], line),
            (null or Undefined, _, _) => throw new TemplateException($"{name} is asked of something that is not there", line),
            _ => throw new TemplateException($"the method {name} is not one Edge has, or is given what it cannot take", line),
        };
    }

    public static object? Filter(object? of, string name, List<object?> arguments, Dictionary<string, object?> named, int line) => (name, of) switch
    {
        ("tojson", _) => JsonText.Of(of, (named.GetValueOrDefault("indent") ?? arguments.FirstOrDefault()) is long indent ? (int)Math.Clamp(indent, 0, 16) : null, line),
        ("default" or "d", Undefined) => arguments.FirstOrDefault(""),

        // What is not there is an empty text and an empty list, as in Jinja.
        ("trim" or "upper" or "lower" or "title" or "capitalize" or "replace" or "join", Undefined) => "",
        ("length" or "count", Undefined) => 0L,
        ("list" or "items", Undefined) => new List<object?>(),
        ("default" or "d", _) => arguments.Count > 1 && Values.IsTrue(arguments[1]) && !Values.IsTrue(of) ? arguments[0] : of,
        ("trim", string s) => s.Trim(),
        ("upper", string s) => s.ToUpperInvariant(),
        ("lower", string s) => s.ToLowerInvariant(),
        ("title", string s) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(s.ToLowerInvariant()),
        ("capitalize", string s) => s.Length == 0 ? s : char.ToUpperInvariant(s[0]) + s[1..].ToLowerInvariant(),
        ("replace", string s) when arguments is [string { Length: > 0 } old, string to] => Replace(s, old, to, line),
        ("safe" or "string", _) => Values.ToText(of, line),
        ("int", _) => Values.TryNumber(of, out double number) ? (long)number
            : long.TryParse(of as string, CultureInfo.InvariantCulture, out long whole) ? whole : 0L,
        ("length" or "count", string s) => (long)s.Length,
        ("length" or "count", List<object?> list) => (long)list.Count,
        ("length" or "count", OrderedDictionary<string, object?> map) => (long)map.Count,
        ("first", List<object?> list) => list.Count > 0 ? list[0] : Undefined.Value,
        ("last", List<object?> list) => list.Count > 0 ? list[^1] : Undefined.Value,
        ("list", List<object?> list) => list.ToList(),
        ("list", OrderedDictionary<string, object?> map) => map.Keys.Select(k => (object?)k).ToList(),
        ("items" or "dictsort", OrderedDictionary<string, object?> map) => Items(name == "items" ? map : map.OrderBy(p => p.Key, StringComparer.OrdinalIgnoreCase)),
        ("join", List<object?> list) => Join(list, arguments.FirstOrDefault("") as string ?? "", line),
        ("selectattr", List<object?> list) => list.FindAll(i => Matches(i, arguments, line)),
        ("rejectattr", List<object?> list) => list.FindAll(i => !Matches(i, arguments, line)),
        ("map", List<object?> list) when named.GetValueOrDefault("attribute") is string attribute => list.ConvertAll(i => Attribute(i, attribute)),
        ("map", List<object?> list) when arguments is [string filter] => list.ConvertAll(i => Filter(i, filter, [], [], line)),
        _ => throw new TemplateException($"the filter {name} is not one Edge has, or is given what it cannot take", line),
    };

    public static bool Test(object? of, string name, object? argument, int line) => name switch
    {
        "defined" => of is not Undefined,
        "undefined" => of is Undefined,
        "none" => of is null,
        "string" => of is string,
        "mapping" => of is OrderedDictionary<string, object?>,
        "sequence" or "iterable" => of is string or List<object?> or OrderedDictionary<string, object?>,
        "number" => of is long or double or JsonNumber,
        "integer" => of is long,
        "boolean" => of is bool,
        "true" => of is true,
        "false" => of is false,
        "equalto" or "eq" => Values.AreEqual(of, argument),
        "ne" => !Values.AreEqual(of, argument),
        "in" => argument is List<object?> list && list.Any(i => Values.AreEqual(i, of)),
        _ => throw new TemplateException($"the test {name} is not one Edge has", line),
    };

    private static bool Matches(object? item, List<object?> arguments, int line) => arguments switch
    {
        [string attribute] => Values.IsTrue(Attribute(item, attribute)),
        [string attribute, string test] => Test(Attribute(item, attribute), test, null, line),
        [string attribute, string test, var wanted] => Test(Attribute(item, attribute), test, wanted, line),
        _ => throw new TemplateException("selectattr needs the name of an attribute", line),
    };

    private static object? Attribute(object? item, string name) => item is OrderedDictionary<string, object?> map && map.TryGetValue(name, out object? value) ? value : Undefined.Value;

    private static string Replace(string text, string old, string to, int line)
    {
        long grown = text.Length + ((long)(text.Length / old.Length) * Math.Max(0, to.Length - old.Length));
        return grown <= Rendering.CharsMax ? text.Replace(old, to, StringComparison.Ordinal) : throw TooLong(line);
    }

    private static string Join(List<object?> list, string between, int line)
    {
        var text = new StringBuilder();
        for (int i = 0; i < list.Count; i++)
        {
            text.Append(i > 0 ? between : "").Append(Values.ToText(list[i], line));
            if (text.Length > Rendering.CharsMax)
            {
                throw TooLong(line);
            }
        }

        return text.ToString();
    }

    private static TemplateException TooLong(int line) => new($"a text may become longer than {Rendering.CharsMax} characters", line);

    private static List<object?> Items(IEnumerable<KeyValuePair<string, object?>> map) => [.. map.Select(p => new List<object?> { p.Key, p.Value })];

    private static object? Append(List<object?> list, object? item, int line)
    {
        if (list.Count >= Rendering.ItemsMax)
        {
            throw new TemplateException($"a list becomes longer than {Rendering.ItemsMax} items", line);
        }

        list.Add(item);
        return null;
    }
}
