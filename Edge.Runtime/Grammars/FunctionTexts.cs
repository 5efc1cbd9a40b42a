using System.Text;
using System.Text.Json;
using Edge.Functions.Catalog;

namespace Edge.Runtime.Grammars;

/// <summary>A catalogue as an expression: one alternative a function.</summary>
internal static class FunctionTexts
{
    /// <param name="keywords">Arguments as <c>a=1, b="x"</c> instead of a JSON object.</param>
    /// <param name="shape">Makes the text of one call from the function's name and the expression of its arguments.</param>
    public static int OneOf(Expressions e, IReadOnlyList<FunctionDefinition> functions, GrammarOptions options, bool keywords, Func<string, int, int> shape)
    {
        var shared = new SharedScalars(e, options);
        var alternatives = new int[functions.Count];
        for (int i = 0; i < functions.Count; i++)
        {
            try
            {
                alternatives[i] = shape(functions[i].Name, Arguments(e, functions[i], options, shared, keywords));
            }
            catch (GrammarLimitException limit)
            {
                throw new SchemaFault(functions[i].Name, limit.Message);
            }
        }

        return e.Choice(alternatives);
    }

    /// <summary><c>{"name":"…","arguments":{…}}</c>, with the names of the two members and the style that a family uses.</summary>
    public static int Json(Expressions e, string name, int arguments, GrammarOptions options, string nameKey = "name", string argumentsKey = "arguments") =>
        e.Sequence(
            e.Literal(Encoding.UTF8.GetBytes($"{{\"{nameKey}\"{options.Style.Colon}{JsonTexts.Quote(name)}{options.Style.Comma}\"{argumentsKey}\"{options.Style.Colon}")),
            arguments,
            e.Literal("}"u8));

    /// <summary>The arguments. Undeclared ones are never offered, whatever the schema says of additional properties.</summary>
    private static int Arguments(Expressions e, FunctionDefinition function, GrammarOptions options, SharedScalars shared, bool keywords)
    {
        var schema = function.Parameters;
        if (schema.ValueKind == JsonValueKind.Object && !schema.TryGetProperty("properties", out _) && !schema.TryGetProperty("$ref", out _)
            && !schema.TryGetProperty("allOf", out _) && !schema.TryGetProperty("anyOf", out _) && !schema.TryGetProperty("oneOf", out _))
        {
            return keywords ? Expressions.Empty : e.Literal("{}"u8);
        }

        try
        {
            SchemaDocument.Check(schema);
            var compiler = new SchemaCompiler(e, schema, options, shared);
            var part = new SchemaPart(schema, "");
            return keywords ? compiler.CompileKeywords(part) : compiler.Compile(part);
        }
        catch (SchemaFault fault)
        {
            throw new SchemaFault(function.Name + fault.Pointer, fault.Reason);
        }
    }
}
