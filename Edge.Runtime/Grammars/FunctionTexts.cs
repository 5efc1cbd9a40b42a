using System.Text;
using System.Text.Json;
using Edge.Functions.Catalog;

namespace Edge.Runtime.Grammars;

/// <summary>A catalogue as an expression: one alternative a function.</summary>
internal static class FunctionTexts
{
    /// <param name="shape">Makes the text of one call from the function's name and the expression of its arguments object.</param>
    public static int OneOf(Expressions e, IReadOnlyList<FunctionDefinition> functions, GrammarOptions options, Func<Expressions, string, int, int> shape)
    {
        var strings = new StringSchemas(e, options);
        var alternatives = new int[functions.Count];
        for (int i = 0; i < functions.Count; i++)
        {
            alternatives[i] = shape(e, functions[i].Name, Arguments(e, functions[i], options, strings));
        }

        return e.Choice(alternatives);
    }

    /// <summary><c>{"name":"…","arguments":{…}}</c></summary>
    public static int NameAndArguments(Expressions e, string name, int arguments) =>
        e.Sequence(e.Literal(Encoding.UTF8.GetBytes($"{{\"name\":{JsonTexts.Quote(name)},\"arguments\":")), arguments, e.Literal("}"u8));

    /// <summary>The arguments object. Undeclared arguments are never offered, whatever the schema says of additional properties.</summary>
    private static int Arguments(Expressions e, FunctionDefinition function, GrammarOptions options, StringSchemas strings)
    {
        var schema = function.Parameters;
        if (schema.ValueKind == JsonValueKind.Object && !schema.TryGetProperty("properties", out _) && !schema.TryGetProperty("$ref", out _)
            && !schema.TryGetProperty("allOf", out _) && !schema.TryGetProperty("anyOf", out _) && !schema.TryGetProperty("oneOf", out _))
        {
            return e.Literal("{}"u8);
        }

        try
        {
            return new SchemaCompiler(e, schema, options, strings).Compile(new SchemaPart(schema, ""));
        }
        catch (SchemaFault fault)
        {
            throw new SchemaFault(function.Name + fault.Pointer, fault.Reason);
        }
    }
}
