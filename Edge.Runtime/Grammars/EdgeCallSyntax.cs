using System.Text;
using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Grammars;

/// <summary>
/// The shipped model's answers: <c>&lt;|call|&gt;{"name":"…","arguments":{…}}</c> once or several times, or <c>&lt;|say|&gt;words</c>,
/// and then <c>&lt;|end|&gt;</c>. See models/edge-38m/README.md.
/// </summary>
public sealed class EdgeCallSyntax : CallSyntax
{
    private readonly Tokenizer _tokenizer;
    private readonly int _call, _say, _end;

    public EdgeCallSyntax(Tokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _call = tokenizer.Vocabulary.Find("<|call|>");
        _say = tokenizer.Vocabulary.Find("<|say|>");
        _end = tokenizer.Vocabulary.Find("<|end|>");
    }

    public override IReadOnlyList<int> EndTokens => [_end];

    public override Grammar Compile(IReadOnlyList<FunctionDefinition> functions, GrammarOptions options)
    {
        var e = new Expressions(options.ExpressionsMax);
        int call = e.Sequence(Special(e, _call), FunctionTexts.OneOf(e, functions, options, keywords: false, (name, arguments) => FunctionTexts.Json(e, name, arguments, options)));
        int calls = e.Repeat(call, 1, options.CallsMax);
        int words = options.AllowWords
            ? e.Sequence(Special(e, _say), e.Repeat(CodePoints.Raw(e, CodePoints.Printable), 1, options.SayCharsMax))
            : Expressions.Never;
        return new Grammar(e, e.Sequence(e.Choice(calls, words), Special(e, _end)), options);
    }

    public override ModelAnswer Read(ReadOnlySpan<int> tokens, IReadOnlyList<FunctionDefinition> functions)
    {
        var calls = new List<FunctionCall>();
        string? words = null;
        bool wellFormed = tokens.Length > 0 && (tokens[0] == _call || tokens[0] == _say);
        for (int i = 0; i < tokens.Length && tokens[i] != _end;)
        {
            int next = i + 1;
            while (next < tokens.Length && tokens[next] != _call && tokens[next] != _say && tokens[next] != _end)
            {
                next++;
            }

            string text = _tokenizer.Decode(tokens[(i + 1)..next]);
            if (tokens[i] == _say)
            {
                words = text;
            }
            else if (tokens[i] == _call && CallTexts.TryRead(text, functions, out var call))
            {
                calls.Add(call);
            }
            else
            {
                wellFormed = false;
            }

            i = next;
        }

        return new ModelAnswer(calls, calls.Count == 0 ? words ?? "" : null, wellFormed);
    }

    private static int Special(Expressions e, int token) => e.Special(Expressions.FirstSpecial + token);
}
