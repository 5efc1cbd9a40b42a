using System.Text;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Grammars;

/// <summary>Python-like calls, <c>[f(a=1, b="x"), g()]</c>, as Llama 3.2 and others write them; words begin with anything but a bracket or a brace.</summary>
public sealed class PythonCallSyntax(Tokenizer tokenizer, string end) : CallSyntax
{
    private readonly SpokenText _spoken = new(tokenizer);
    private readonly int _end = tokenizer.Vocabulary.Find(end);

    public override IReadOnlyList<int> EndTokens => [_end];

    public override Grammar Compile(IReadOnlyList<FunctionDefinition> functions, GrammarOptions options)
    {
        options = options with { Style = TextStyle.Python };
        var e = new Expressions(options.ExpressionsMax);
        int call = FunctionTexts.OneOf(e, functions, options, keywords: true, (name, arguments) =>
            e.Sequence(e.Literal(Encoding.UTF8.GetBytes(name + "(")), arguments, e.Literal(")"u8)));
        int calls = e.Sequence(e.Literal("["u8), call, e.Sequence(e.Repeat(e.Sequence(e.Literal(", "u8), call), 0, options.CallsMax - 1), e.Literal("]"u8)));
        int words = options.AllowWords ? SpokenText.Words(e, options.SayCharsMax) : Expressions.Never;
        return new Grammar(e, e.Sequence(e.Choice(calls, words), e.Special(Expressions.FirstSpecial + _end)), options);
    }

    public override ModelAnswer Read(ReadOnlySpan<int> tokens, IReadOnlyList<FunctionDefinition> functions)
    {
        string text = _spoken.Read(tokens, _end).Trim();
        if (!text.StartsWith('['))
        {
            return new ModelAnswer([], text);
        }

        var calls = new List<FunctionCall>();
        bool wellFormed = PythonCalls.TryToJson(text, out var jsons);
        foreach (string json in jsons)
        {
            if (CallTexts.TryRead(json, functions, out var call))
            {
                calls.Add(call);
            }
            else
            {
                wellFormed = false;
            }
        }

        return new ModelAnswer(calls, calls.Count == 0 ? text : null, wellFormed);
    }
}
