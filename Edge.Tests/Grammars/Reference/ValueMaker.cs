using System.Globalization;
using System.Text;

namespace Edge.Tests.Grammars.Reference;

/// <summary>Makes values at random that a schema mostly allows; whether it does is for others to say.</summary>
internal sealed class ValueMaker(Random random, Schema schema)
{
    // Some schemas allow endless values only.
    private const int DepthMax = 12;

    private static readonly string[] s_characters = ["a", "b", "c", "x", "Z", "0", "7", " ", "-", "_", ".", "\"", "\\", "/", "\n", "\t", "\u0001", "\u001f", "\u007f", "ü", "€", "😀", "\u2028", "\ufeff", "\uffff", "é"];

    public JsonTerm Make() => Make([schema.Root], 0);

    private JsonTerm Make(IEnumerable<JsonTerm> rules, int depth)
    {
        if (depth > DepthMax)
        {
            return new JsonTerm.Null();
        }

        var maps = Flatten(rules, depth);
        var listed = maps.Select(map => map["const"] is { } only ? [only] : map["enum"] is { } list ? Schema.Items(list) : []).FirstOrDefault(list => list.Count > 0);
        if (listed is not null)
        {
            return CanonicalForm.Shortest(Pick(listed));
        }

        string[] types = ["string", "integer", "number", "boolean", "array", "object", "null"];
        foreach (var type in maps.Select(map => map["type"]).OfType<JsonTerm>())
        {
            var names = (type is JsonTerm.List many ? many.Items : [type]).Select(name => ((JsonTerm.Chars)name).Value).ToList();
            types = [.. types.Where(name => names.Contains(name) || (name == "integer" && names.Contains("number")))];
        }

        return (types.Length == 0 ? "null" : TypeFor(types, maps)) switch
        {
            "string" => new JsonTerm.Chars(Text(maps)),
            "integer" => new JsonTerm.Number(Number(maps, whole: true)),
            "number" => new JsonTerm.Number(Number(maps, whole: false)),
            "boolean" => new JsonTerm.Flag(random.Next(2) == 0),
            "array" => List(maps, depth + 1),
            "object" => Map(maps, depth + 1),
            _ => new JsonTerm.Null(),
        };
    }

    // Where no type is named, the one that the other keywords speak of is the most telling.
    private string TypeFor(string[] types, List<JsonTerm.Map> maps)
    {
        string? spoken = maps.SelectMany(map => map.Members).Select(member => member.Key switch
        {
            "pattern" or "format" or "minLength" or "maxLength" => "string",
            "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" => "number",
            "items" or "prefixItems" or "minItems" or "maxItems" => "array",
            "properties" or "required" or "additionalProperties" => "object",
            _ => null,
        }).FirstOrDefault(type => type is not null);
        return spoken is not null && types.Contains(spoken) && random.Next(5) > 0 ? spoken : Pick(types);
    }

    private List<JsonTerm.Map> Flatten(IEnumerable<JsonTerm> rules, int depth)
    {
        var maps = new List<JsonTerm.Map>();
        var open = new Queue<JsonTerm>(rules);
        for (int steps = 0; steps < 30 && open.TryDequeue(out var rule); steps++)
        {
            if (rule is not JsonTerm.Map map)
            {
                continue;
            }

            maps.Add(map);
            if (map["$ref"] is { } reference)
            {
                open.Enqueue(schema.Resolve(reference));
            }

            foreach (var part in map["allOf"] is { } all ? Schema.Items(all) : [])
            {
                open.Enqueue(part);
            }

            foreach (string keyword in (string[])["anyOf", "oneOf"])
            {
                if (map[keyword] is { } choices)
                {
                    // Deep down the last branch, which may be the one that ends a recursion.
                    open.Enqueue(depth > 6 ? Schema.Items(choices)[^1] : Pick(Schema.Items(choices)));
                }
            }
        }

        return maps;
    }

    private string Text(List<JsonTerm.Map> maps)
    {
        if (maps.Select(map => map["format"]).OfType<JsonTerm.Chars>().FirstOrDefault() is { } format && random.Next(10) > 0)
        {
            return Formatted(format.Value);
        }

        int min = Bound(maps, "minLength", 0, Math.Max);
        int max = Bound(maps, "maxLength", min + (random.Next(20) == 0 ? 14 : 5), Math.Min);
        if (maps.Select(map => map["pattern"]).OfType<JsonTerm.Chars>().FirstOrDefault() is { } pattern && random.Next(10) > 0)
        {
            var text = new StringBuilder();
            Append(text, Pattern.Parse(pattern.Value));
            string around = random.Next(3) == 0 ? Characters(random.Next(3)) : "";
            return random.Next(2) == 0 ? around + text : text + around;
        }

        int length = random.Next(8) switch { 0 => min, 1 => max, 2 => max + 1, 3 => Math.Max(min - 1, 0), _ => random.Next(min, Math.Max(min, max) + 1) };
        return Characters(length);
    }

    private string Formatted(string format) => format switch
    {
        "date" => Date(),
        "time" => Time(),
        "date-time" => Date() + Pick("T", "T", "t", " ") + Time(),
        "uuid" => string.Join('-', new[] { 8, 4, 4, 4, 12 }.Select(n => string.Concat(Enumerable.Range(0, n).Select(_ => Pick("0", "9", "a", "F", "c", "7"))))),
        _ => string.Join('.', Enumerable.Range(0, 4).Select(_ => Pick("0", "1", "10", "99", "127", "192", "200", "249", "250", "255", random.Next(300).ToString(CultureInfo.InvariantCulture), "01"))),
    };

    private string Date() => Pick("2024", "2023", "1900", "2000", "0004", "2100", "9999") + "-" + Pick("01", "02", "02", "04", "06", "09", "11", "12", "12", "13", "00") + "-" + Pick("01", "28", "29", "29", "30", "31", "32", "00", "10");

    private string Time() => Pick("00", "09", "12", "19", "20", "23", "23", "24") + ":" + Pick("00", "30", "59", "59", "60") + ":" + Pick("00", "07", "59", "60", "60", "61")
        + Pick("", "", ".5", ".123456789", ".1234567890", ".") + Pick("Z", "Z", "z", "+00:00", "-08:30", "+23:59", "+24:00", "");

    private void Append(StringBuilder text, Pattern.Node node)
    {
        switch (node)
        {
            case Pattern.Node.Set set:
                string choice = set.Negated || set.Ranges.Count == 0 ? Pick(s_characters) : char.ConvertFromUtf32(From(Pick(set.Ranges)));
                text.Append(choice);
                break;
            case Pattern.Node.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Append(text, part);
                }

                break;
            case Pattern.Node.Either either: Append(text, Pick(either.Choices)); break;
            case Pattern.Node.Repeat repeat:
                int times = random.Next(repeat.Min, (int)Math.Min(repeat.Max, repeat.Min + 3L) + 1);
                for (int i = 0; i < times; i++)
                {
                    Append(text, repeat.Inner);
                }

                break;
        }
    }

    private int From((int First, int Last) range)
    {
        int point = random.Next(range.First, Math.Min(range.Last, range.First + 300) + 1);
        return point is >= 0xD800 and <= 0xDFFF ? 'a' : point;
    }

    private string Number(List<JsonTerm.Map> maps, bool whole)
    {
        var points = maps.SelectMany(map => new[] { "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" }.Select(key => map[key])).OfType<JsonTerm.Number>().Select(n => n.Value).ToList();
        var step = maps.Select(map => map["multipleOf"]).OfType<JsonTerm.Number>().Select(n => n.Value).FirstOrDefault(Exact.Parse(whole ? "1" : Pick("1", "0.5", "0.1", "0.01", "0.001")));
        var start = points.Count > 0 && random.Next(4) > 0 ? Pick(points) : Exact.Parse(random.Next(-50, 200).ToString(CultureInfo.InvariantCulture));
        if (points.Count > 1 && random.Next(2) == 0)
        {
            // Between the bounds.
            var width = points.Max().Plus(points.Min().Times(-1));
            start = points.Min().Plus(new Exact(width.Digits * random.Next(101), width.Exponent - 2));
        }

        // To the nearest multiple below, then some steps off.
        int low = Math.Min(start.Exponent, step.Exponent);
        var remainder = new Exact(start.Digits * System.Numerics.BigInteger.Pow(10, start.Exponent - low) % (step.Digits * System.Numerics.BigInteger.Pow(10, step.Exponent - low)), low);
        var value = (random.Next(10) == 0 ? start : start.Plus(remainder.Times(-1))).Plus(step.Times(random.Next(-2, 3)));
        string text = value.ToString();
        return random.Next(8) == 0 && !whole ? text + (text.Contains('.', StringComparison.Ordinal) ? "0" : ".0") : text;
    }

    private JsonTerm.List List(List<JsonTerm.Map> maps, int depth)
    {
        int min = Bound(maps, "minItems", 0, Math.Max);
        int max = Bound(maps, "maxItems", min + 3, Math.Min);
        int prefix = maps.Select(map => map["prefixItems"]).OfType<JsonTerm>().Select(items => Schema.Items(items).Count).DefaultIfEmpty().Max();
        int count = random.Next(10) switch
        {
            0 => max,
            1 => max + 1,
            2 => Math.Max(min - 1, 0),
            3 => Math.Min(prefix, max),
            _ => random.Next(min, Math.Max(min, max) + 1),
        };
        if (depth > 5)
        {
            count = Math.Min(count, min);
        }

        var items = Enumerable.Range(0, count).Select(i => Make(maps.Select(map =>
        {
            var first = map["prefixItems"] is { } list ? Schema.Items(list) : [];
            return i < first.Count ? first[i] : map["items"];
        }).OfType<JsonTerm>(), depth)).ToList();
        return new JsonTerm.List(maps.Any(map => map["uniqueItems"] is not null) && random.Next(4) > 0 ? [.. items.DistinctBy(JsonWriter.Text)] : items);
    }

    private JsonTerm.Map Map(List<JsonTerm.Map> maps, int depth)
    {
        var declared = maps.SelectMany(map => (map["properties"] as JsonTerm.Map)?.Members.Select(member => member.Key) ?? []).ToList();
        var required = maps.SelectMany(map => map["required"] is { } list ? Schema.Items(list).Select(name => ((JsonTerm.Chars)name).Value) : []).ToList();
        double share = depth > 4 ? 0.05 : 0.7;
        var keys = declared.Concat(required).Distinct().Where(key => required.Contains(key) || random.NextDouble() < share).ToList();
        bool open = maps.Any(map => map["additionalProperties"] is { } more and not JsonTerm.Flag { Value: false }) || maps.All(map => map["properties"] is null);
        if (depth < 5 && random.Next(open ? 2 : 12) == 0)
        {
            keys.AddRange(Enumerable.Range(0, random.Next(1, 3)).Select(_ => Pick("extra", "z", "", "k\"", "ä", "aa", "name2")).Where(key => !keys.Contains(key)).Distinct());
        }

        return new JsonTerm.Map([.. keys.Select(key => KeyValuePair.Create(key, Make(maps.Select(map => (map["properties"] as JsonTerm.Map)?[key] ?? map["additionalProperties"]).OfType<JsonTerm>(), depth)))]);
    }

    private static int Bound(List<JsonTerm.Map> maps, string keyword, int otherwise, Func<int, int, int> tighter) =>
        maps.Select(map => map[keyword]).OfType<JsonTerm>().Select(Schema.Count).Select(count => Math.Min(count, 40)).DefaultIfEmpty(otherwise).Aggregate(tighter);

    private string Characters(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(2) == 0 ? Pick("a", "b", "k", "0") : Pick(s_characters)));

    private T Pick<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
