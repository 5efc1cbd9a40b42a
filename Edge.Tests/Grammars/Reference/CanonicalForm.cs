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
    /// <summary>Where a value stands: how often each reference was entered on the way, and how many lists and maps without a schema for their content lie around it.</summary>
    private sealed record Place(ImmutableDictionary<string, int> Entered, int Free);

    public bool Holds(JsonTerm value) => Holds([schema.Root], new Place(ImmutableDictionary<string, int>.Empty, 0), value);

    private bool Holds(ImmutableList<JsonTerm> rules, Place place, JsonTerm value) => Expand(rules, [], [], place, value);

    // Takes rules apart into flat ones, breadth first: a schema's own keywords, then its $ref, then allOf; then every branch of anyOf and oneOf
    // that the value satisfies is tried.
    private bool Expand(ImmutableList<JsonTerm> pending, ImmutableList<JsonTerm.Map> flat, ImmutableList<IReadOnlyList<JsonTerm>> choices, Place place, JsonTerm value)
    {
        while (!pending.IsEmpty)
        {
            var rule = pending[0];
            pending = pending.RemoveAt(0);
            if (rule is not JsonTerm.Map map)
            {
                if (rule is JsonTerm.Flag { Value: false })
                {
                    return false;
                }

                continue;
            }

            if (map["$ref"] is JsonTerm.Chars reference)
            {
                int entered = place.Entered.GetValueOrDefault(reference.Value) + 1;
                if (entered > options.DepthMax)
                {
                    return false;
                }

                place = place with { Entered = place.Entered.SetItem(reference.Value, entered) };
                pending = pending.Add(schema.Resolve(reference));
            }

            pending = map["allOf"] is { } all ? pending.AddRange(Schema.Items(all)) : pending;
            choices = map["anyOf"] is { } any ? choices.Add(Schema.Items(any)) : choices;
            choices = map["oneOf"] is { } one ? choices.Add(Schema.Items(one)) : choices;
            flat = flat.Add(map);
        }

        return choices.IsEmpty
            ? FlatHolds(flat, place, value)
            : choices[0].Any(branch => schema.IsValid(branch, value) && Expand([branch], flat, choices.RemoveAt(0), place, value));
    }

    private bool FlatHolds(ImmutableList<JsonTerm.Map> rules, Place place, JsonTerm value)
    {
        // A value from a list is written as in the list, and no limit applies to it.
        var listed = rules.SelectMany(Listed).ToList();
        if (listed.Count > 0)
        {
            return listed.Any(item => JsonWriter.Text(Shortest(item)) == JsonWriter.Text(value));
        }

        return value switch
        {
            JsonTerm.Number number => NumberHolds(rules, number),
            JsonTerm.Chars text => TextHolds(rules, text.Value),
            JsonTerm.List list => place.Free <= options.DepthMax && ListHolds(rules, place, list),
            JsonTerm.Map map => place.Free <= options.DepthMax && MapHolds(rules, place, map),
            _ => true,
        };
    }

    private bool NumberHolds(ImmutableList<JsonTerm.Map> rules, JsonTerm.Number number)
    {
        var types = rules.Select(rule => rule["type"]).OfType<JsonTerm>()
            .Select(type => type is JsonTerm.List list ? list.Items : [type])
            .Select(names => names.Select(name => ((JsonTerm.Chars)name).Value).ToList());
        bool wantsInteger = types.Any(names => names.Contains("integer") && !names.Contains("number"));
        var match = PlainForm().Match(number.Text);
        int fraction = match.Groups["fraction"].Length;
        return match.Success
            && !(number.Text[0] == '-' && number.Value.Digits.IsZero)
            && match.Groups["whole"].Length <= Math.Max(options.NumberDigitsMax, rules.SelectMany(Bounds).Select(WholeDigits).DefaultIfEmpty().Max())
            && fraction <= options.NumberDigitsMax
            && (!wantsInteger || fraction == 0);
    }

    // Bounds say how long numbers may be, where they are longer than the default.
    private static IEnumerable<JsonTerm> Bounds(JsonTerm.Map rule) =>
        new[] { "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" }.Select(keyword => rule[keyword]).OfType<JsonTerm>();

    private static int WholeDigits(JsonTerm bound) => Schema.Number(bound).ToString().TrimStart('-').Split('.')[0].Length;

    private bool TextHolds(ImmutableList<JsonTerm.Map> rules, string text)
    {
        bool timed = rules.Any(rule => rule["format"] is JsonTerm.Chars { Value: "time" or "date-time" });
        return LengthHolds(text, rules, "minLength", "maxLength") && (!timed || TimeForm().IsMatch(text));
    }

    private bool ListHolds(ImmutableList<JsonTerm.Map> rules, Place place, JsonTerm.List list)
    {
        if (rules.All(rule => rule["maxItems"] is null) && list.Items.Count > Math.Max(options.ArrayItemsMax, Most(rules, "minItems")))
        {
            return false;
        }

        return list.Items.Select((item, i) => (item, i)).All(entry =>
        {
            var inner = ImmutableList<JsonTerm>.Empty;
            foreach (var rule in rules)
            {
                var prefix = rule["prefixItems"] is { } items ? Schema.Items(items) : [];
                inner = (entry.i < prefix.Count ? prefix[entry.i] : rule["items"]) is { } item ? inner.Add(item) : inner;
            }

            return InnerHolds(inner, place, entry.item);
        });
    }

    private bool MapHolds(ImmutableList<JsonTerm.Map> rules, Place place, JsonTerm.Map map)
    {
        var order = rules.SelectMany(Declared).Concat(rules.SelectMany(Required)).Distinct(StringComparer.Ordinal).ToList();
        bool open = rules.Any(rule => rule["additionalProperties"] is { } more and not JsonTerm.Flag { Value: false })
            || rules.All(rule => rule["additionalProperties"] is null && rule["properties"] is null);
        int last = -1;
        int undeclared = 0;
        foreach (var (key, value) in map.Members)
        {
            int at = order.IndexOf(key);
            if (at < 0)
            {
                last = int.MaxValue;
                if (!open || ++undeclared > options.ArrayItemsMax || !LengthHolds(key, [], "", ""))
                {
                    return false;
                }
            }
            else if (at <= last)
            {
                return false;
            }
            else
            {
                last = at;
            }

            var inner = rules.Select(rule => (rule["properties"] as JsonTerm.Map)?[key] ?? rule["additionalProperties"]).OfType<JsonTerm>().Where(rule => at >= 0 || rule is not JsonTerm.Flag);
            if (!InnerHolds([.. inner], place, value))
            {
                return false;
            }
        }

        return true;
    }

    private bool InnerHolds(ImmutableList<JsonTerm> rules, Place place, JsonTerm value) =>
        Holds(rules, rules.IsEmpty ? place with { Free = place.Free + 1 } : place, value);

    private bool LengthHolds(string text, ImmutableList<JsonTerm.Map> rules, string min, string max) =>
        rules.Any(rule => rule[max] is not null) || Pattern.CodePoints(text).Length <= Math.Max(options.StringCharsMax, Most(rules, min));

    private static int Most(ImmutableList<JsonTerm.Map> rules, string keyword) => rules.Select(rule => rule[keyword]).OfType<JsonTerm>().Select(Schema.Count).DefaultIfEmpty().Max();

    private static IEnumerable<string> Declared(JsonTerm.Map rule) => (rule["properties"] as JsonTerm.Map)?.Members.Select(member => member.Key) ?? [];

    private static IEnumerable<string> Required(JsonTerm.Map rule) => rule["required"] is { } names ? Schema.Items(names).Select(name => ((JsonTerm.Chars)name).Value) : [];

    private static IEnumerable<JsonTerm> Listed(JsonTerm.Map rule) => rule["const"] is { } only ? [only] : rule["enum"] is { } list ? Schema.Items(list) : [];

    /// <summary>The same value with every number as short as it can be without an exponent.</summary>
    public static JsonTerm Shortest(JsonTerm value) => value switch
    {
        JsonTerm.Number number => new JsonTerm.Number(number.Value.ToString()),
        JsonTerm.List list => new JsonTerm.List([.. list.Items.Select(Shortest)]),
        JsonTerm.Map map => new JsonTerm.Map([.. map.Members.Select(member => KeyValuePair.Create(member.Key, Shortest(member.Value)))]),
        _ => value,
    };

    [GeneratedRegex(@"\A-?(?<whole>0|[1-9][0-9]*)(\.(?<fraction>[0-9]+))?\z")]
    private static partial Regex PlainForm();

    // At most nine digits of a second; a leap second only where UTC is written as Z.
    [GeneratedRegex(@"\A([^Tt]*[Tt])?([0-9:]{6}[0-5][0-9](\.[0-9]{1,9})?([Zz]|[+-][0-9:]{5})|23:59:60(\.[0-9]{1,9})?[Zz])\z")]
    private static partial Regex TimeForm();
}
