using System.Text;
using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Grammars;

/// <summary>
/// FunctionGemma's answers: <c>&lt;start_function_call&gt;call:f{a:1,b:&lt;escape&gt;x&lt;escape&gt;}&lt;end_function_call&gt;</c> once or several times and
/// then the token that asks for their results, or words and the end of the turn. Arguments come in alphabetical order, as the model was trained.
/// Source: ai.google.dev/gemma/docs/functiongemma/formatting-and-best-practices.
/// </summary>
public sealed class FunctionGemmaCallSyntax : CallSyntax
{
    private const string Prefix = "call:";

    private readonly Tokenizer _tokenizer;
    private readonly int _startCall, _endCall, _escape, _response, _endTurn;

    public FunctionGemmaCallSyntax(Tokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _startCall = tokenizer.Vocabulary.Find("<start_function_call>");
        _endCall = tokenizer.Vocabulary.Find("<end_function_call>");
        _escape = tokenizer.Vocabulary.Find("<escape>");
        _response = tokenizer.Vocabulary.Find("<start_function_response>");
        _endTurn = tokenizer.Vocabulary.Find("<end_of_turn>");
    }

    public override IReadOnlyList<int> EndTokens => [_response, _endTurn];

    public override Grammar Compile(IReadOnlyList<FunctionDefinition> functions, GrammarOptions options)
    {
        options = options with { Style = TextStyle.Compact with { StringToken = _escape } };
        var e = new Expressions(options.ExpressionsMax);
        FunctionDefinition[] sorted = [.. functions.Select(f => f with { Parameters = SortedSchema.Of(f.Parameters) })];
        int call = FunctionTexts.OneOf(e, sorted, options, keywords: false, (name, arguments) => e.Sequence(e.Literal(Encoding.UTF8.GetBytes(Prefix + name)), arguments));
        int calls = e.Sequence(e.Repeat(e.Sequence(Special(e, _startCall), call, Special(e, _endCall)), 1, options.CallsMax), Special(e, _response));
        int words = options.AllowWords ? e.Sequence(SpokenText.Words(e, options.SayCharsMax), Special(e, _endTurn)) : Expressions.Never;
        return new Grammar(e, e.Choice(calls, words), options);
    }

    public override ModelAnswer Read(ReadOnlySpan<int> tokens, IReadOnlyList<FunctionDefinition> functions)
    {
        var calls = new List<FunctionCall>();
        var words = new List<int>();
        bool wellFormed = true;
        for (int i = 0; i < tokens.Length && tokens[i] != _response && tokens[i] != _endTurn; i++)
        {
            if (tokens[i] != _startCall)
            {
                words.Add(tokens[i]);
                continue;
            }

            int end = tokens[i..].IndexOf(_endCall);
            if (end > 0 && Json(tokens.Slice(i + 1, end - 1)) is { } json && CallTexts.TryRead(json, functions, out var call))
            {
                calls.Add(call);
            }
            else
            {
                wellFormed = false;
            }

            i = end < 0 ? tokens.Length : i + end;
        }

        return new ModelAnswer(calls, calls.Count == 0 ? _tokenizer.Decode([.. words]).Trim() : null, wellFormed);
    }

    /// <summary>One call as <c>{"name":…,"arguments":{…}}</c>; null where it is none.</summary>
    private string? Json(ReadOnlySpan<int> tokens)
    {
        var text = new BareObjectText();
        int start = 0;
        for (int i = 0; i <= tokens.Length; i++)
        {
            if (i == tokens.Length || tokens[i] == _escape)
            {
                text.Add(_tokenizer.Decode(tokens[start..i]));
                start = i + 1;
                if (i < tokens.Length)
                {
                    text.Escape();
                }
            }
        }

        string call = text.ToString();
        int brace = call.IndexOf('{');
        return brace > Prefix.Length && call.StartsWith(Prefix, StringComparison.Ordinal)
            ? $"{{\"name\":{JsonTexts.Quote(call[Prefix.Length..brace])},\"arguments\":{call[brace..]}}}"
            : null;
    }

    private static int Special(Expressions e, int token) => e.Special(Expressions.FirstSpecial + token);

    /// <summary>Objects with bare names and strings between marks → JSON.</summary>
    private sealed class BareObjectText
    {
        private readonly StringBuilder _json = new();
        private readonly Stack<char> _open = [];
        private bool _inString;

        public void Escape() => _inString = !_inString;

        public void Add(string text)
        {
            if (_inString)
            {
                _json.Append(JsonTexts.Quote(text));
                return;
            }

            for (int i = 0; i < text.Length; i++)
            {
                char c = text[i];
                _json.Append(c);
                if (c is '{' or '[')
                {
                    _open.Push(c);
                }
                else if (c is '}' or ']')
                {
                    _open.TryPop(out _);
                }

                // A name stands behind a brace, or behind a comma inside braces, and goes on to its colon.
                if (c == '{' || (c == ',' && _open.TryPeek(out char inside) && inside == '{'))
                {
                    int colon = text.IndexOf(':', i + 1);
                    if (colon > i + 1 && text[i + 1] != '}')
                    {
                        _json.Append(JsonTexts.Quote(text[(i + 1)..colon]));
                        i = colon - 1;
                    }
                }
            }
        }

        public override string ToString() => _json.ToString();
    }
}
