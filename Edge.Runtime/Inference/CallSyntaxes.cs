using Edge.Runtime.Grammars;
using Edge.Runtime.Models;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Inference;

/// <summary>Makes the call syntax of a dialect for one vocabulary.</summary>
public static class CallSyntaxes
{
    /// <exception cref="ModelException">The vocabulary lacks a token that the dialect needs.</exception>
    public static CallSyntax Of(ModelFolder folder)
    {
        var dialect = folder.Dialect;
        try
        {
            return Of(dialect, folder.Tokenizer, EndOf(folder));
        }
        catch (KeyNotFoundException fault)
        {
            throw new ModelException($"{folder.FullName} cannot speak the dialect {dialect.Name}: {fault.Message} Convert it with another --dialect ({Dialect.Names}).", fault);
        }
    }

    private static CallSyntax Of(Dialect dialect, Tokenizer tokenizer, string end) => dialect.Name switch
    {
        "edge" => new EdgeCallSyntax(tokenizer),
        "chatml" => new JsonCallSyntax(tokenizer, JsonCallShape.ChatMl with { End = end }),
        // DeepSeek Coder writes a line break before its end token: another call must not begin with one.
        "trelis" => new JsonCallSyntax(tokenizer, JsonCallShape.Trelis with { Between = "; ", End = end }),
        "llama-json" => new JsonCallSyntax(tokenizer, JsonCallShape.Llama with { End = end }),
        "functiongemma" => new FunctionGemmaCallSyntax(tokenizer),
        "llama-pythonic" => new PythonCallSyntax(tokenizer, end),
        _ => new JsonCallSyntax(tokenizer, new JsonCallShape("", "", dialect.BetweenCalls, "name", "arguments", end)),
    };

    /// <summary>The token that ends an answer: the dialect's, else the one that the model's config names.</summary>
    private static string EndOf(ModelFolder folder)
    {
        var special = folder.Tokenizer.Vocabulary.Special;
        return folder.Dialect.Ends.FirstOrDefault(special.ContainsKey)
            ?? folder.Config.EosTokenIds.Select(id => special.FirstOrDefault(s => s.Value == id).Key).FirstOrDefault(name => name is not null)
            ?? throw new ModelException($"{folder.FullName} has no token that ends an answer: its vocabulary has none of {string.Join(", ", folder.Dialect.Ends)}, and config.json's eos_token_id is no special token.");
    }
}
