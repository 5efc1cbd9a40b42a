using System.Text.Json;

namespace Edge.Runtime.Grammars;

/// <summary>
/// A compiled grammar: an automaton over bytes and special tokens, whose states are worked out when first reached.
/// It belongs to one thread at a time, and so do the matchers on it.
/// </summary>
public sealed class Grammar
{
    internal Grammar(Expressions expressions, int start, GrammarOptions options)
    {
        Expressions = expressions;
        Start = start;
        Options = options;
    }

    internal Expressions Expressions { get; }

    internal int Start { get; }

    public GrammarOptions Options { get; }

    /// <summary>The canonical compact texts of the values that are valid under <paramref name="schema"/> (JSON Schema draft 2020-12).</summary>
    /// <exception cref="SchemaFault">The schema has what cannot be enforced, or nothing satisfies it.</exception>
    public static Grammar FromSchema(JsonElement schema, GrammarOptions? options = null)
    {
        options ??= GrammarOptions.Default;
        SchemaDocument.Check(schema);
        var e = new Expressions(options.ExpressionsMax);
        return new Grammar(e, new SchemaCompiler(e, schema, options).Compile(new SchemaPart(schema, "")), options);
    }
}
