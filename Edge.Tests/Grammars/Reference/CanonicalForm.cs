using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Edge.Runtime.Grammars;

namespace Edge.Tests.Grammars.Reference;

/// <summary>
/// Whether a value that satisfies a schema is also written the one way the grammar writes it: members in the schema's order, undeclared ones
/// last and only where they are explicitly allowed, plain numbers, and everything within the limits of the options.
/// Spaces and escapes are not seen here; comparing the text with <see cref="JsonWriter"/>'s settles those.
/// </summary>
internal sealed partial class CanonicalForm(Schema schema, GrammarOptions options)
{
    /// <summary>A schema that applies at a place, and how often each reference was entered on the way to it.</summary>
    private sealed record Rule(Json Schema, ImmutableDictionary<string, int> Entered);

    public bool Holds(Json value) => Holds([new Rule(schema.Root, ImmutableDictionary<string, int>.Empty)], value);

    private bool Holds(ImmutableArray<Rule> rules, Json value) => Expand([.. rules], [], value);

    // Takes rules apart into flat ones, without $ref, allOf, anyOf or oneOf; every branch that the value satisfies is tried.
    private bool Expand(ImmutableList<Rule> pending, ImmutableList<Rule> flat, Json value)
    {
        if (pending.IsEmpty)
        {
            return FlatHolds(flat, value);
        }

        var (rule, rest) = (pending[0], pending.RemoveAt(0));
        if (rule.Schema is Json.Flag flag)
        {
            return flag.Value && Expand(rest, flat, value);
        }

        var map = (Json.Map)rule.Schema;
        var inner = ImmutableList<Rule>.Empty;
        var choices = new List<IReadOnlyList<Json>>();
        foreach (var (keyword, content) in map.Members)
        {
            switch (keyword)
            {
                case "$ref":
                    string pointer = ((Json.Text)content).Value;
                    int entered = rule.Entered.GetValueOrDefault(pointer) + 1;
                    if (entered > options.DepthMax)
                    {
                        return false;
                    }

                    inner = inner.Add(new Rule(schema.Resolve(content), rule.Entered.SetItem(pointer, entered)));
                    break;
                case "allOf": inner = inner.AddRange(Schema.Items(content).Select(part => rule with { Schema = part })); break;
                case "anyOf" or "oneOf": choices.Add(Schema.Items(content)); break;
            }
        }

        return Choose(choices, 0, rule, inner, chosen => Expand(chosen.AddRange(rest), flat.Add(rule), value), value);
    }

    private bool Choose(List<IReadOnlyList<Json>> choices, int at, Rule rule, ImmutableList<Rule> inner, Func<ImmutableList<Rule>, bool> then, Json value) =>
        at == choices.Count
            ? then(inner)
            : choices[at].Any(branch => schema.IsValid(branch, value) && Choose(choices, at + 1, rule, inner.Add(rule with { Schema = branch }), then, value));

    private bool FlatHolds(ImmutableList<Rule> rules, Json value)
    {
        var maps = rules.Where(rule => Constrains((Json.Map)rule.Schema)).ToImmutableArray();
        if (maps.IsEmpty)
        {
            return FreeHolds(value, options.DepthMax);
        }

        // A value from a list is written as in the list, and no limit applies to it.
        var listed = maps.SelectMany(rule => Listed((Json.Map)rule.Schema)).ToList();
        if (listed.Count > 0)
        {
            return listed.Any(item => JsonWriter.Text(Shortest(item)) == JsonWriter.Text(value));
        }

        return value switch
        {
            Json.Number number => NumberHolds(maps, number),
            Json.Text text => TextHolds(maps, text.Value),
            Json.List list => ListHolds(maps, list),
            Json.Map map => MapHolds(maps, map),
            _ => true,
        };
    }

    private bool NumberHolds(ImmutableArray<Rule> rules, Json.Number number)
    {
        var types = rules.Select(rule => ((Json.Map)rule.Schema)["type"]).OfType<Json>()
            .Select(type => type is Json.List list ? list.Items : [type])
            .Select(names => names.Select(name => ((Json.Text)name).Value).ToList());
        bool wantsInteger = types.Any(names => names.Contains("integer") && !names.Contains("number"));
        var steps = rules.Select(rule => ((Json.Map)rule.Schema)["multipleOf"]).OfType<Json.Number>().Select(step => Math.Max(0, -step.Value.Exponent));
        int fraction = number.Text.Contains('.', StringComparison.Ordinal) ? number.Text.Length - number.Text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return PlainHolds(number) && (!wantsInteger || fraction == 0) && steps.All(digits => fraction <= digits);
    }

    private bool TextHolds(ImmutableArray<Rule> rules, string text)
    {
        bool limited = rules.Any(rule => ((Json.Map)rule.Schema)["maxLength"] is not null);
        bool timed = rules.Any(rule => ((Json.Map)rule.Schema)["format"] is Json.Text { Value: "time" or "date-time" });
        return (limited || LengthHolds(text)) && (!timed || TimeForm().IsMatch(text));
    }

    private bool ListHolds(ImmutableArray<Rule> rules, Json.List list)
    {
        bool limited = rules.Any(rule => ((Json.Map)rule.Schema)["maxItems"] is not null);
        if (!limited && list.Items.Count > options.ArrayItemsMax)
        {
            return false;
        }

        for (int i = 0; i < list.Items.Count; i++)
        {
            var inner = ImmutableArray.CreateBuilder<Rule>();
            foreach (var rule in rules)
            {
                var map = (Json.Map)rule.Schema;
                var prefix = map["prefixItems"] is { } items ? Schema.Items(items) : [];
                if ((i < prefix.Count ? prefix[i] : map["items"]) is { } item)
                {
                    inner.Add(rule with { Schema = item });
                }
            }

            if (!Holds(inner.ToImmutable(), list.Items[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool MapHolds(ImmutableArray<Rule> rules, Json.Map map)
    {
        var order = rules.SelectMany(rule => Declared((Json.Map)rule.Schema)).Distinct(StringComparer.Ordinal).ToList();
        bool open = rules.Any(rule => ((Json.Map)rule.Schema)["additionalProperties"] is { } more and not Json.Flag { Value: false });
        int last = -1;
        int undeclared = 0;
        foreach (var (key, value) in map.Members)
        {
            int place = order.IndexOf(key);
            if (place < 0)
            {
                last = int.MaxValue;
                if (!open || ++undeclared > options.ArrayItemsMax || !LengthHolds(key))
                {
                    return false;
                }
            }
            else if (place <= last)
            {
                return false;
            }
            else
            {
                last = place;
            }

            if (!Holds(MemberRules(rules, key), value))
            {
                return false;
            }
        }

        return true;
    }

    private static ImmutableArray<Rule> MemberRules(ImmutableArray<Rule> rules, string key)
    {
        var inner = ImmutableArray.CreateBuilder<Rule>();
        foreach (var rule in rules)
        {
            var map = (Json.Map)rule.Schema;
            if (((map["properties"] as Json.Map)?[key] ?? map["additionalProperties"]) is { } member)
            {
                inner.Add(rule with { Schema = member });
            }
        }

        return inner.ToImmutable();
    }

    private bool FreeHolds(Json value, int depth) => value switch
    {
        Json.Number number => PlainHolds(number),
        Json.Text text => LengthHolds(text.Value),
        Json.List list => depth > 0 && list.Items.Count <= options.ArrayItemsMax && list.Items.All(item => FreeHolds(item, depth - 1)),
        Json.Map map => depth > 0 && map.Members.Count <= options.ArrayItemsMax && map.Members.All(member => LengthHolds(member.Key) && FreeHolds(member.Value, depth - 1)),
        _ => true,
    };

    private bool PlainHolds(Json.Number number)
    {
        var match = PlainForm().Match(number.Text);
        return match.Success
            && !(number.Text[0] == '-' && number.Value.Digits.IsZero)
            && match.Groups["whole"].Length <= options.NumberDigitsMax
            && match.Groups["fraction"].Length <= options.NumberDigitsMax;
    }

    private bool LengthHolds(string text) => Pattern.CodePoints(text).Length <= options.StringCharsMax;

    private static IEnumerable<string> Declared(Json.Map map) => (map["properties"] as Json.Map)?.Members.Select(member => member.Key) ?? [];

    private static IEnumerable<Json> Listed(Json.Map map) => map["const"] is { } only ? [only] : map["enum"] is { } list ? Schema.Items(list) : [];

    private static bool Constrains(Json.Map map) => map.Members.Any(member => member.Key
        is "type" or "enum" or "const" or "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf"
        or "minLength" or "maxLength" or "pattern" or "format" or "items" or "prefixItems" or "minItems" or "maxItems" or "uniqueItems"
        or "properties" or "required" or "additionalProperties" or "minProperties" or "maxProperties");

    /// <summary>The same value with every number as short as it can be without an exponent.</summary>
    public static Json Shortest(Json value) => value switch
    {
        Json.Number number => new Json.Number(number.Value.ToString()),
        Json.List list => new Json.List([.. list.Items.Select(Shortest)]),
        Json.Map map => new Json.Map([.. map.Members.Select(member => KeyValuePair.Create(member.Key, Shortest(member.Value)))]),
        _ => value,
    };

    [GeneratedRegex(@"\A-?(?<whole>0|[1-9][0-9]*)(\.(?<fraction>[0-9]+))?\z")]
    private static partial Regex PlainForm();

    // At most nine digits of a second; a leap second only where UTC is written as Z.
    [GeneratedRegex(@"\A([^Tt]*[Tt])?([0-9:]{6}[0-5][0-9](\.[0-9]{1,9})?([Zz]|[+-][0-9:]{5})|23:59:60(\.[0-9]{1,9})?[Zz])\z")]
    private static partial Regex TimeForm();
}
