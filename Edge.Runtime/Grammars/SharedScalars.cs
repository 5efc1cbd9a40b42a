namespace Edge.Runtime.Grammars;

/// <summary>Strings and numbers that the schemas of one catalogue share: what one function has worked out, the next need not.</summary>
internal sealed record SharedScalars(StringSchemas Strings, NumberSchemas Numbers)
{
    public SharedScalars(Expressions e, GrammarOptions options)
        : this(new StringSchemas(e, options), new NumberSchemas(e, options))
    {
    }
}
