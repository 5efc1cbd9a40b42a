using System.Collections.Immutable;
using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>
/// JSON Schema (draft 2020-12) → an expression whose texts are the canonical texts of the valid values. Schemas that must hold together
/// (allOf, $ref beside other keywords, alternatives beside their common part) are compiled as one conjunction of parts.
/// </summary>
internal sealed class SchemaCompiler
{
    private readonly Expressions _e;

    /// <summary>Sets of schemas that are compiled together; alternatives beside alternatives multiply.</summary>
    private const int CombinationsMax = 20_000;

    /// <summary>Different references around one place.</summary>
    private const int ReferencesMax = 64;

    /// <summary>Digits of a number when nothing shall limit it; far beyond a double's 17.</summary>
    private const int UnlimitedDigits = 50;

    private readonly JsonElement _root;
    private readonly GrammarOptions _options;
    private readonly SchemaReferences _references;
    private readonly StringSchemas _strings;
    private readonly NumberSchemas _numbers;
    private readonly ArraySchemas _arrays;
    private readonly ObjectSchemas _objects;
    private readonly Dictionary<string, int> _known = [];
    private SchemaCompiler? _unlimited;
    private int _combinations;

    /// <param name="e">Where expressions are made.</param>
    /// <param name="root">The document that references stay in.</param>
    /// <param name="options">Limits.</param>
    /// <param name="shared">Strings and numbers of other schemas on the same expressions, whose automata are used again; null makes its own.</param>
    public SchemaCompiler(Expressions e, JsonElement root, GrammarOptions options, SharedScalars? shared = null)
    {
        _e = e;
        _root = root;
        _options = options;
        _references = new SchemaReferences(root);
        (_strings, _numbers) = shared ?? new SharedScalars(e, options);
        _arrays = new ArraySchemas(e, options);
        _objects = new ObjectSchemas(e, options, _strings);
    }

    /// <summary>The texts of a schema.</summary>
    /// <param name="part">The schema, which lies in the root document given to the constructor.</param>
    /// <exception cref="SchemaFault">It cannot be enforced, or nothing satisfies it.</exception>
    public int Compile(SchemaPart part) => Compile(part, keywords: false);

    /// <summary>The texts of a schema of arguments as keyword arguments, <c>a=1, b="x"</c>.</summary>
    /// <exception cref="SchemaFault">It cannot be enforced, or nothing satisfies it.</exception>
    public int CompileKeywords(SchemaPart part) => Compile(part, keywords: true);

    private int Compile(SchemaPart part, bool keywords)
    {
        int result = Value(new SchemaContext([part], ImmutableDictionary<string, int>.Empty, 0, keywords));
        return result == Expressions.Never ? throw part.Fault("no value can satisfy this schema.") : result;
    }

    /// <summary>The texts that satisfy every part of <paramref name="context"/>; <see cref="Expressions.Never"/> if there are none.</summary>
    public int Value(SchemaContext context)
    {
        string key = context.Key;
        if (!_known.TryGetValue(key, out int result))
        {
            try
            {
                result = Combine(context with { Parts = [] }, new Queue<SchemaPart>(context.Parts), []);
            }
            catch (GrammarLimitException e)
            {
                throw new SchemaFault(context.Parts.Length > 0 ? context.Parts[0].Pointer : "", e.Message);
            }

            _known.Add(key, result);
        }

        return result;
    }

    /// <summary>Takes apart what still waits in <paramref name="open"/>; then chooses among alternatives; then compiles what is left.</summary>
    private int Combine(SchemaContext context, Queue<SchemaPart> open, ImmutableQueue<(SchemaPart Part, string Keyword)> groups)
    {
        Expressions.EnsureStack();
        if (++_combinations > CombinationsMax)
        {
            throw new GrammarLimitException($"The schema's alternatives and references make more than {CombinationsMax} combinations; use fewer.");
        }

        while (open.TryDequeue(out var part))
        {
            if (part.Schema.ValueKind == JsonValueKind.False)
            {
                return Expressions.Never;
            }

            if (part.Schema.ValueKind == JsonValueKind.True)
            {
                continue;
            }

            if (part.Schema.ValueKind != JsonValueKind.Object)
            {
                throw part.Fault($"a schema is an object, true or false, not {part.Schema.ValueKind}.");
            }

            SchemaKeywords.Check(part);
            if (part.Has("$ref"))
            {
                var target = _references.Resolve(part);
                int depth = context.Depth.GetValueOrDefault(target.Pointer);
                if (depth == _options.DepthMax)
                {
                    return Expressions.Never;
                }

                context = context with { Depth = context.Depth.SetItem(target.Pointer, depth + 1) };
                if (context.Depth.Count > ReferencesMax)
                {
                    throw part.Fault("$ref", $"more than {ReferencesMax} references lie inside each other; use fewer.");
                }

                open.Enqueue(target);
            }

            foreach (var member in Alternatives(part, "allOf"))
            {
                open.Enqueue(member);
            }

            foreach (string keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
            {
                if (part.Has(keyword))
                {
                    groups = groups.Enqueue((part, keyword));
                }
            }

            context = context with { Parts = context.Parts.Add(part) };
        }

        return groups.IsEmpty ? Plain(context) : Choose(context, groups);
    }

    private int Choose(SchemaContext context, ImmutableQueue<(SchemaPart Part, string Keyword)> groups)
    {
        groups = groups.Dequeue(out var group);
        var alternatives = Alternatives(group.Part, group.Keyword).ToList();
        if (group.Keyword == "oneOf")
        {
            new Exclusiveness(_e, _options.StatesMax, (i, types) =>
                Unlimited.Combine(context with { Parts = context.Parts.Add(types) }, new Queue<SchemaPart>([alternatives[i]]), groups)).Check(group.Part);
        }

        return _e.Choice(alternatives.Select(alternative => Combine(context, new Queue<SchemaPart>([alternative]), groups)).ToArray());
    }

    private int Plain(SchemaContext context)
    {
        HashSet<string>? types = null;
        foreach (var part in context.Parts)
        {
            var own = SchemaKeywords.TypesOf(part);
            if (types is null)
            {
                types = own;
            }
            else
            {
                types.IntersectWith(own);
            }
        }

        types ??= [.. SchemaKeywords.Types];

        var listed = EnumerationValues.Of(context.Parts);
        return listed is null ? OfTypes(context, types) : OfValues(context, types, listed);
    }

    private int OfTypes(SchemaContext context, HashSet<string> types)
    {
        int result = Expressions.Never;
        if (types.Contains("number"))
        {
            types.Remove("integer");
        }

        foreach (string type in SchemaKeywords.Types)
        {
            if (types.Contains(type))
            {
                result = _e.Choice(result, OfType(context, type));
            }
        }

        return result;
    }

    private int OfType(SchemaContext context, string type) => type switch
    {
        "null" => Literal(_options.Style.Null),
        "boolean" => _e.Choice(Literal(_options.Style.True), Literal(_options.Style.False)),
        "string" => _strings.Compile(context.Parts),
        "integer" => _numbers.Compile(context.Parts, integersOnly: true),
        "number" => _numbers.Compile(context.Parts, integersOnly: false),
        "array" => context.Free > _options.DepthMax ? Expressions.Never : _arrays.Compile(context, Value),
        _ => context.Free > _options.DepthMax ? Expressions.Never : _objects.Compile(context, Value),
    };

    private int OfValues(SchemaContext context, HashSet<string> types, List<JsonElement> values)
    {
        var rest = context.Parts.Where(p => p.Schema.EnumerateObject().Any(m => m.Name is not ("enum" or "const" or "type") && SchemaKeywords.IsCondition(m.Name))).ToList();
        int others = rest.Count == 0 ? -1 : Unlimited.OfTypes(context, [.. types]);
        var texts = new List<int>();
        var twins = _options.EnumIgnoreCase ? EnumerationValues.CaseTwins(values) : null;
        foreach (var value in values)
        {
            if (!types.Contains(EnumerationValues.TypeOf(value)))
            {
                continue;
            }

            if (others >= 0 && value.ValueKind == JsonValueKind.Object)
            {
                throw rest[0].Fault("an enumeration of objects beside other conditions; list only what satisfies them.");
            }

            string text = JsonTexts.Of(value, _options.Style);
            if (others < 0 || _e.Matches(others, System.Text.Encoding.UTF8.GetBytes(text)))
            {
                if (_options.Style.StringToken is not null && value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                {
                    throw context.Parts[0].Fault("enum", "lists and objects cannot be listed in this model's spelling; list plain values.");
                }

                texts.Add(value.ValueKind == JsonValueKind.String && value.GetString()! is var spelling
                    ? _strings.Listed(spelling, twins is not null && !twins.Contains(spelling))
                    : _e.Literal(System.Text.Encoding.UTF8.GetBytes(text)));
            }
        }

        return _e.Choice(texts.ToArray());
    }

    // The same without the limits for values that nobody bounded: they apply neither to what is listed nor to what may be valid.
    private SchemaCompiler Unlimited => _options.NumberDigitsMax == UnlimitedDigits
        ? this
        : _unlimited ??= new(_e, _root, _options with { Style = _options.Style with { StringToken = null }, StringCharsMax = Expressions.Unbounded, ArrayItemsMax = Expressions.Unbounded, NumberDigitsMax = UnlimitedDigits });

    private int Literal(string text) => _e.Literal(System.Text.Encoding.UTF8.GetBytes(text));

    private static IEnumerable<SchemaPart> Alternatives(SchemaPart part, string keyword)
    {
        if (part.Find(keyword) is not { } list)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            ? Enumerable.Range(0, list.GetArrayLength()).Select(i => part.At(keyword, i))
            : throw part.Fault(keyword, "must be a list of at least one schema.");
    }
}
