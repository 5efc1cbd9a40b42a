using Edge.Functions.Catalog;

namespace Edge.Runtime.Grammars;

/// <summary>One call as bare JSON, <c>{"name":"…","arguments":{…}}</c>, without any model's special tokens.</summary>
public static class JsonCalls
{
    /// <exception cref="SchemaFault">A function's parameters cannot be enforced.</exception>
    public static Grammar Compile(IReadOnlyList<FunctionDefinition> functions, GrammarOptions options)
    {
        var e = new Expressions(options.ExpressionsMax);
        return new Grammar(e, FunctionTexts.OneOf(e, functions, options, keywords: false, (name, arguments) => FunctionTexts.Json(e, name, arguments, options)), options);
    }
}
