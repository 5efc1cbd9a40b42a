using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>Arrays: prefix items, items, their number, and uniqueness where the items are finite.</summary>
internal sealed class ArraySchemas(Expressions e, GrammarOptions options)
{
    /// <summary>Distinct items whose subsets are still enumerated for uniqueItems: 2^10 states.</summary>
    private const int UniqueMax = 10;

    private readonly int _comma = e.Literal(System.Text.Encoding.UTF8.GetBytes(options.Style.Comma));

    /// <param name="context">The conjunction.</param>
    /// <param name="value">Compiles the parts that hold for an item.</param>
    public int Compile(SchemaContext context, Func<SchemaContext, int> value)
    {
        int prefix = 0, min = 0, max = -1;
        bool unique = false;
        foreach (var part in context.Parts)
        {
            prefix = Math.Max(prefix, PrefixLength(part));
            min = Math.Max(min, part.Least("minItems", options.LeastMax));
            max = part.Count("maxItems") is { } most ? (max < 0 ? most : Math.Min(max, most)) : max;
            unique |= part.Find("uniqueItems") switch
            {
                null or { ValueKind: JsonValueKind.False } => false,
                { ValueKind: JsonValueKind.True } => true,
                _ => throw part.Fault("uniqueItems", "must be true or false."),
            };
        }

        max = max < 0 ? Math.Max(options.ArrayItemsMax, min) : max;
        if (min > max)
        {
            return Expressions.Never;
        }

        if (unique && max > 1)
        {
            return Unique(context, value, prefix, min, max);
        }

        return e.Sequence(e.Literal("["u8), Items(context, value, prefix, 0, min, max), e.Literal("]"u8));
    }

    /// <summary>Everything behind the first <paramref name="i"/> items.</summary>
    private int Items(SchemaContext context, Func<SchemaContext, int> value, int prefix, int i, int min, int max)
    {
        Expressions.EnsureStack();
        int end = i >= min ? Expressions.Empty : Expressions.Never;
        if (i >= max)
        {
            return end;
        }

        int item = value(context.With(ItemParts(context, i)));
        int separator = i == 0 ? Expressions.Empty : _comma;
        if (i < prefix)
        {
            return item == Expressions.Never ? end : e.Choice(end, e.Sequence(separator, item, Items(context, value, prefix, i + 1, min, max)));
        }

        int more = e.Sequence(_comma, item);
        return i > 0
            ? e.Repeat(more, Math.Max(min - i, 0), max - i)
            : e.Choice(end, e.Sequence(item, e.Repeat(more, Math.Max(min - 1, 0), max - 1)));
    }

    private int Unique(SchemaContext context, Func<SchemaContext, int> value, int prefix, int min, int max)
    {
        var words = prefix > 0 ? null : e.Words(value(context.With(ItemParts(context, 0))), UniqueMax);
        if (words is null)
        {
            var part = context.Parts.First(p => p.Has("uniqueItems"));
            throw part.Fault("uniqueItems", $"can be enforced only for items of at most {UniqueMax} listed values; give items an enum, or remove it.");
        }

        var known = new Dictionary<int, int>();
        return e.Sequence(e.Literal("["u8), Rest((1 << words.Count) - 1, 0), e.Literal("]"u8));

        int Rest(int unused, int count)
        {
            if (known.TryGetValue(unused, out int done))
            {
                return done;
            }

            int result = count >= min ? Expressions.Empty : Expressions.Never;
            for (int i = 0; count < max && i < words.Count; i++)
            {
                if ((unused >> i & 1) != 0)
                {
                    int item = e.Sequence(count == 0 ? Expressions.Empty : _comma, e.Literal(words[i]));
                    result = e.Choice(result, e.Sequence(item, Rest(unused & ~(1 << i), count + 1)));
                }
            }

            known.Add(unused, result);
            return result;
        }
    }

    private static int PrefixLength(SchemaPart part) => part.Find("prefixItems") switch
    {
        null => 0,
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength(),
        _ => throw part.Fault("prefixItems", "must be a list of schemas."),
    };

    private static List<SchemaPart> ItemParts(SchemaContext context, int i)
    {
        var parts = new List<SchemaPart>();
        foreach (var part in context.Parts)
        {
            if (i < PrefixLength(part))
            {
                parts.Add(part.At("prefixItems", i));
            }
            else if (part.Find("items") is { } items)
            {
                parts.Add(items.ValueKind == JsonValueKind.Array ? throw part.Fault("items", "a list of schemas is written as prefixItems since draft 2020-12.") : part.At("items"));
            }
        }

        return parts;
    }
}
