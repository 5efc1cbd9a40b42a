using System.Text;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Grammars;

/// <summary>How a family that writes calls as JSON does it.</summary>
/// <param name="Before">Stands before each call; may be a special token of the vocabulary.</param>
/// <param name="After">Stands behind each call; may be a special token.</param>
/// <param name="Between">Between two calls.</param>
/// <param name="NameKey">The member that holds the function's name.</param>
/// <param name="ArgumentsKey">The member that holds the arguments.</param>
/// <param name="End">The special token that ends an answer.</param>
public sealed record JsonCallShape(string Before, string After, string Between, string NameKey, string ArgumentsKey, string End)
{
    /// <summary>Trelis' models: <c>{"function": "f", "arguments": {"a": 1}}</c>.</summary>
    public static readonly JsonCallShape Trelis = new("", "", "\n", "function", "arguments", "</s>");

    /// <summary>Llama 3.2: <c>{"name": "f", "parameters": {"a": 1}}</c>.</summary>
    public static readonly JsonCallShape Llama = new("", "", "; ", "name", "parameters", "<|eot_id|>");

    /// <summary>ChatML with tools (Qwen, Hermes): JSON between <c>&lt;tool_call&gt;</c> lines.</summary>
    public static readonly JsonCallShape ChatMl = new("<tool_call>\n", "\n</tool_call>", "\n", "name", "arguments", "<|im_end|>");
}

/// <summary>Calls as JSON in the spelling of a model family; words begin with anything but a brace or a bracket.</summary>
public sealed class JsonCallSyntax(Tokenizer tokenizer, JsonCallShape shape) : CallSyntax
{
    private readonly SpokenText _spoken = new(tokenizer);
    private readonly int _end = tokenizer.Vocabulary.Find(shape.End);

    public override IReadOnlyList<int> EndTokens => [_end];

    public override Grammar Compile(IReadOnlyList<FunctionDefinition> functions, GrammarOptions options)
    {
        options = options with { Style = TextStyle.Spaced };
        var e = new Expressions(options.ExpressionsMax);
        int json = FunctionTexts.OneOf(e, functions, options, keywords: false, (name, arguments) => FunctionTexts.Json(e, name, arguments, options, shape.NameKey, shape.ArgumentsKey));
        int call = e.Sequence(_spoken.Expression(e, shape.Before), json, _spoken.Expression(e, shape.After));
        int more = e.Repeat(e.Sequence(_spoken.Expression(e, shape.Between), call), 0, options.CallsMax - 1);
        int words = options.AllowWords ? SpokenText.Words(e, options.SayCharsMax) : Expressions.Never;
        return new Grammar(e, e.Sequence(e.Choice(e.Sequence(call, more), words), e.Special(Expressions.FirstSpecial + _end)), options);
    }

    public override ModelAnswer Read(ReadOnlySpan<int> tokens, IReadOnlyList<FunctionDefinition> functions)
    {
        string text = _spoken.Read(tokens, _end);
        var calls = new List<FunctionCall>();
        bool wellFormed = true;
        foreach (string json in JsonSpans.Objects(text))
        {
            if (CallTexts.TryRead(json, functions, out var call, shape.NameKey, shape.ArgumentsKey))
            {
                calls.Add(call);
            }
            else
            {
                wellFormed = false;
            }
        }

        return new ModelAnswer(calls, calls.Count == 0 ? text.Trim() : null, wellFormed);
    }
}
