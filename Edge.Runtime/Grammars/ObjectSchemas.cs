using System.Text;
using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>
/// Objects: members in the order of <c>properties</c>, required ones always, undeclared ones only where additionalProperties asks for them
/// (it is true by default in JSON Schema, but an argument nobody declared helps nobody), behind the declared ones.
/// </summary>
internal sealed class ObjectSchemas(Expressions e, GrammarOptions options, StringSchemas strings)
{
    private readonly int _comma = e.Literal(Encoding.UTF8.GetBytes(options.Style.Comma));
    private readonly int _colon = e.Literal(Encoding.UTF8.GetBytes(options.Style.Colon));

    /// <param name="context">The conjunction.</param>
    /// <param name="value">Compiles the parts that hold for a member's value.</param>
    public int Compile(SchemaContext context, Func<SchemaContext, int> value)
    {
        var required = new HashSet<string>();
        var names = new List<string>();
        var known = new HashSet<string>();
        int min = 0, max = int.MaxValue;
        foreach (var part in context.Parts)
        {
            names.AddRange(Names(part).Where(known.Add));
            required.UnionWith(RequiredNames(part));
            min = Math.Max(min, part.Least("minProperties", options.LeastMax));
            max = Math.Min(max, part.Count("maxProperties") ?? int.MaxValue);
        }

        names.AddRange(required.Where(known.Add));
        var members = names.Select(name => (Text: Member(context, name, value), Required: required.Contains(name))).ToList();
        if (members.Any(m => m.Required && m.Text == Expressions.Never))
        {
            return Expressions.Never;
        }

        members.RemoveAll(m => m.Text == Expressions.Never);
        int extra = context.Keywords || options.Style.StringToken is not null ? Expressions.Never : Extra(context, names, value);
        int list = new MemberList(e, _comma, members, extra, options.ArrayItemsMax, min, max).From(0, 0);
        return context.Keywords ? list : e.Sequence(e.Literal("{"u8), list, e.Literal("}"u8));
    }

    private int Member(SchemaContext context, string name, Func<SchemaContext, int> value)
    {
        var parts = new List<SchemaPart>();
        foreach (var part in context.Parts)
        {
            if (part.Find("properties") is { } properties && properties.TryGetProperty(name, out _))
            {
                parts.Add(part.At("properties", name));
            }
            else if (part.Has("additionalProperties"))
            {
                parts.Add(part.At("additionalProperties"));
            }
        }

        int text = value(context.With(parts));
        return context.Keywords
            ? e.Sequence(e.Literal(Encoding.UTF8.GetBytes(name + "=")), text)
            : e.Sequence(e.Literal(Encoding.UTF8.GetBytes(options.Style.StringToken is null ? JsonTexts.Quote(name) : name)), _colon, text);
    }

    private int Extra(SchemaContext context, List<string> names, Func<SchemaContext, int> value)
    {
        var parts = context.Parts.Where(p => p.Has("additionalProperties")).Select(p => p.At("additionalProperties")).ToList();
        bool free = context.Parts.All(p => !p.Has("properties") && !p.Has("additionalProperties"));
        if (parts.Any(p => p.Schema.ValueKind == JsonValueKind.False) || (parts.Count == 0 && !free))
        {
            return Expressions.Never;
        }

        int text = value(context.With(parts.Where(p => p.Schema.ValueKind != JsonValueKind.True)));
        return text == Expressions.Never ? text : e.Sequence(strings.AnyBut(names), _colon, text);
    }

    private static IEnumerable<string> Names(SchemaPart part) => part.Find("properties") switch
    {
        null => [],
        { ValueKind: JsonValueKind.Object } properties => properties.EnumerateObject().Select(p => p.Name),
        _ => throw part.Fault("properties", "must be an object: name → schema."),
    };

    private static IEnumerable<string> RequiredNames(SchemaPart part) => part.Find("required") switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(n => n.ValueKind == JsonValueKind.String) => list.EnumerateArray().Select(n => n.GetString()!),
        _ => throw part.Fault("required", "must be a list of names."),
    };

    /// <summary>The members of one object, with their commas and their number.</summary>
    private sealed class MemberList(Expressions e, int comma, List<(int Text, bool Required)> members, int extra, int extraMax, int min, int max)
    {
        private readonly Dictionary<(int, int), int> _known = [];

        // Without bounds only "none yet" and "some" must be told apart.
        private readonly bool _counted = min > 0 || max < int.MaxValue;

        /// <summary>Everything from member <paramref name="i"/> on, when <paramref name="count"/> members stand already.</summary>
        public int From(int i, int count)
        {
            Expressions.EnsureStack();
            if (_known.TryGetValue((i, count), out int done))
            {
                return done;
            }

            int result;
            if (i == members.Count)
            {
                result = Extras(count);
            }
            else
            {
                var (text, required) = members[i];
                int with = count >= max ? Expressions.Never : e.Sequence(Separated(text, count), From(i + 1, _counted ? count + 1 : 1));
                result = required ? with : e.Choice(with, From(i + 1, count));
            }

            _known.Add((i, count), result);
            return result;
        }

        private int Extras(int count)
        {
            int least = Math.Max(min - count, 0);
            int most = extra == Expressions.Never ? 0 : Math.Min(extraMax, max == int.MaxValue ? extraMax : max - count);
            if (least > most)
            {
                return Expressions.Never;
            }

            int more = e.Sequence(comma, extra);
            return count > 0 || most == 0
                ? e.Repeat(more, least, most)
                : e.Choice(least == 0 ? Expressions.Empty : Expressions.Never, e.Sequence(extra, e.Repeat(more, Math.Max(least - 1, 0), most - 1)));
        }

        private int Separated(int text, int count) => count == 0 ? text : e.Sequence(comma, text);
    }
}
