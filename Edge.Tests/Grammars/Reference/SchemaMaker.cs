using System.Globalization;

namespace Edge.Tests.Grammars.Reference;

/// <summary>Makes schemas at random, of the kinds that function parameters have, and some that nobody should write.</summary>
internal sealed class SchemaMaker(Random random)
{
    private static readonly string[] s_names = ["a", "b", "c", "name", "level", "on", "x y", "ü", "q\"t", "", "ab", "a\nb", "😀"];

    private static readonly string[] s_words = ["on", "off", "ON", "Kitchen", "kitchen lamp", "", "é", "a\"b", "back\\slash", "tab\t", "😀", "line\n", "0", "true", "null"];

    private static readonly string[] s_patterns =
    [
        "^[a-z]+$", "^a*$", "a+", "^[A-Z][a-z0-9_]{0,5}$", "^(on|off|auto)$", "[0-9]{2}", "^\\d{2}:\\d{2}$", "^.{2,4}$", "b$", "^x", "^[^a-c]*$",
        "^\\w+@\\w+\\.[a-z]{2,3}$", "(ab|c)+d?", "^[\\u00e0-\\u00ff]+$", "^\\S+$", "^(a|b)(c|d)*$", "\\.", "^$", "^[\"\\\\]+$", "^(?:0|[1-9][0-9]*)$", "", "^[a-z]{1,3}(-[a-z]{1,3})*$", "[^\\d\\s]", "\\\\n", "^.$", "a.b", "a|^b|c$", "^\\D{3}$", "x{0}y", "^[\\w.-]+$", "^\\t?$",
    ];

    private int _defs;

    /// <summary>A schema, whose <c>$defs</c> its references point at.</summary>
    public JsonTerm.Map Root()
    {
        _defs = random.Next(3) == 0 ? random.Next(1, 3) : 0;
        var root = Any(3) as JsonTerm.Map ?? Map();
        if (_defs > 0)
        {
            var defs = Enumerable.Range(0, _defs).Select(i => Member("d" + i, Any(2))).ToArray();
            root = new JsonTerm.Map([.. root.Members, Member("$defs", Map(defs))]);
        }

        return root;
    }

    private JsonTerm Any(int depth)
    {
        int kind = random.Next(depth > 0 ? 22 : 11);
        return kind switch
        {
            0 => Map(Member("type", Text("boolean"))),
            1 => Map(Member("type", Text("null"))),
            2 or 3 => Number("integer"),
            4 => Number("number"),
            5 or 6 => String(),
            7 or 8 => Enumeration(),
            9 => Pick<Func<JsonTerm>>(() => new JsonTerm.Flag(true), () => Map(), () => Map(Member("description", Text("free"))), () => Map(Member("type", Text("array"))), () => Map(Member("type", Text("object"))))(),
            10 => _defs > 0 ? Reference() : Number("integer"),
            11 or 12 => Array(depth - 1),
            13 or 14 or 15 or 16 => Object(depth - 1),
            17 => Map(Member("anyOf", List(Many(1, 3, () => Any(depth - 1))))),
            18 => OneOf(depth - 1),
            19 => AllOf(depth - 1),
            20 => Untyped(depth - 1),
            _ => TypeList(depth - 1),
        };
    }

    private JsonTerm.Map Reference() => random.Next(8) == 0 ? Map(Member("$ref", Text("#"))) : Map(Member("$ref", Text("#/$defs/d" + random.Next(_defs))));

    private JsonTerm.Map Number(string type)
    {
        var members = new List<KeyValuePair<string, JsonTerm>> { Member("type", Text(type)) };
        string low = Digits();
        if (random.Next(2) == 0)
        {
            members.Add(Member(random.Next(4) == 0 ? "exclusiveMinimum" : "minimum", new JsonTerm.Number(low)));
        }

        if (random.Next(2) == 0)
        {
            var high = Exact.Parse(low).Plus(Exact.Parse(random.Next(4) == 0 ? Digits() : random.Next(200).ToString(CultureInfo.InvariantCulture)));
            members.Add(Member(random.Next(4) == 0 ? "exclusiveMaximum" : "maximum", new JsonTerm.Number(high.ToString())));
        }

        if (random.Next(4) == 0)
        {
            members.Add(Member("multipleOf", new JsonTerm.Number(Pick("1", "2", "3", "5", "10", "7", "0.5", "0.1", "0.01", "1.5", "2.50", "0.25", "12", "100"))));
        }

        return Map([.. members]);
    }

    private string Digits() => random.Next(6) switch
    {
        0 => "0",
        1 => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        2 => random.Next(-100, 100).ToString(CultureInfo.InvariantCulture) + Pick(".5", ".0", ".25", ".999", ".01"),
        3 => random.Next(-10, 10).ToString(CultureInfo.InvariantCulture),
        4 => Pick("1e2", "-5E-1", "1.5e1", "100000", "-99999", "0.001", "-0.0"),
        _ => random.Next(0, 256).ToString(CultureInfo.InvariantCulture),
    };

    private JsonTerm.Map String()
    {
        var members = new List<KeyValuePair<string, JsonTerm>> { Member("type", Text("string")) };
        int min = random.Next(5);
        if (random.Next(4) == 0)
        {
            members.Add(Member("minLength", Count(min)));
        }

        if (random.Next(4) == 0)
        {
            members.Add(Member("maxLength", Count(min + random.Next(6))));
        }

        switch (random.Next(5))
        {
            case 0 or 1: members.Add(Member("pattern", Text(Pick(s_patterns)))); break;
            case 2: members.Add(Member("format", Text(Pick(TextFormat.Known)))); break;
        }

        return Map([.. members]);
    }

    private JsonTerm.Map Enumeration()
    {
        JsonTerm Value() => random.Next(8) switch
        {
            0 => new JsonTerm.Number(Digits()),
            1 => new JsonTerm.Flag(random.Next(2) == 0),
            2 => new JsonTerm.Null(),
            3 => List([new JsonTerm.Number("1"), Text("x")]),
            _ => Text(Pick(s_words)),
        };
        var members = new List<KeyValuePair<string, JsonTerm>>();
        if (random.Next(2) == 0)
        {
            members.Add(Member("type", Text("string")));
        }

        members.Add(random.Next(4) == 0 ? Member("const", Value()) : Member("enum", List(Many(1, 5, Value))));
        if (random.Next(6) == 0)
        {
            members.Add(Member("maxLength", Count(random.Next(6))));
        }

        return Map([.. members]);
    }

    private JsonTerm.Map Array(int depth)
    {
        var members = new List<KeyValuePair<string, JsonTerm>> { Member("type", Text("array")) };
        bool unique = random.Next(5) == 0;
        if (random.Next(5) > 0 || unique)
        {
            members.Add(Member("items", unique ? Enumeration() : Any(depth)));
        }

        if (random.Next(5) == 0 && !unique)
        {
            members.Add(Member("prefixItems", List(Many(1, 3, () => Any(depth)))));
        }

        int min = random.Next(3);
        if (random.Next(3) == 0)
        {
            members.Add(Member("minItems", Count(min)));
        }

        if (random.Next(3) == 0)
        {
            members.Add(Member("maxItems", Count(min + random.Next(4))));
        }

        if (unique)
        {
            members.Add(Member("uniqueItems", new JsonTerm.Flag(true)));
        }

        return Map([.. members]);
    }

    private JsonTerm.Map Object(int depth)
    {
        var names = s_names.OrderBy(_ => random.Next()).Take(random.Next(5)).ToList();
        var members = new List<KeyValuePair<string, JsonTerm>> { Member("type", Text("object")) };
        if (names.Count > 0 || random.Next(2) == 0)
        {
            members.Add(Member("properties", Map([.. names.Select(name => Member(name, Any(depth)))])));
        }

        if (random.Next(2) == 0)
        {
            var required = names.Where(_ => random.Next(2) == 0).Concat(random.Next(12) == 0 ? [Pick(s_names)] : []).Distinct();
            members.Add(Member("required", List([.. required.Select(Text)])));
        }

        switch (random.Next(6))
        {
            case 0: members.Add(Member("additionalProperties", new JsonTerm.Flag(false))); break;
            case 1: members.Add(Member("additionalProperties", random.Next(2) == 0 ? new JsonTerm.Flag(true) : Any(depth))); break;
        }

        if (random.Next(8) == 0)
        {
            members.Add(Member(Pick("minProperties", "maxProperties"), Count(random.Next(4))));
        }

        return Map([.. members.OrderBy(member => member.Key == "type" ? -1 : random.Next(100))]);
    }

    private JsonTerm.Map OneOf(int depth)
    {
        if (random.Next(2) == 0)
        {
            return Map(Member("oneOf", List(Many(1, 2, () => Any(depth)))));
        }

        JsonTerm Case(string kind) => Map(
            Member("type", Text("object")),
            Member("properties", Map(Member("kind", Map(Member("const", Text(kind)))), Member(Pick(s_names), Any(depth)))),
            Member("required", List([Text("kind")])));
        return Map(Member("oneOf", List([Case("first"), Case("second"), Case("")])));
    }

    private JsonTerm.Map AllOf(int depth) => random.Next(3) switch
    {
        0 => Map(Member("allOf", List([Object(depth), Object(depth)]))),
        1 => Map([.. Object(depth).Members, Member(Pick("allOf", "anyOf"), List(Many(1, 2, () => Object(depth))))]),
        _ => Map(Member("allOf", List([Number("number"), Number(Pick("integer", "number"))]))),
    };

    private JsonTerm.Map Untyped(int depth)
    {
        var source = Pick<Func<JsonTerm.Map>>(() => Number("number"), String, () => Array(depth), () => Object(depth))();
        return Map([.. source.Members.Where(member => member.Key != "type")]);
    }

    private JsonTerm.Map TypeList(int depth)
    {
        var source = Pick<Func<JsonTerm.Map>>(() => Number("integer"), String, () => Array(depth), () => Object(depth))();
        string other = Pick("null", "boolean", "string", "integer", "number", "array");
        return Map([.. source.Members.Select(member => member.Key == "type" ? Member("type", List([member.Value, Text(other)])) : member)]);
    }

    private List<JsonTerm> Many(int min, int max, Func<JsonTerm> make) => [.. Enumerable.Range(0, random.Next(min, max + 1)).Select(_ => make())];

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];

    private static JsonTerm.Number Count(int value) => new(value.ToString(CultureInfo.InvariantCulture));

    private static JsonTerm Text(string value) => new JsonTerm.Chars(value);

    private static JsonTerm.List List(IReadOnlyList<JsonTerm> items) => new(items);

    private static JsonTerm.Map Map(params KeyValuePair<string, JsonTerm>[] members) => new(members);

    private static KeyValuePair<string, JsonTerm> Member(string key, JsonTerm value) => new(key, value);
}
