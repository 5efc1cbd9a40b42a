using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Prompts.Jinja;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Prompts;

/// <summary>
/// A conversation as a model's own template writes it, functions as OpenAI's metadata. A special token that a user or a result writes is taken out
/// before the template runs and put back as plain text: nobody but the template can open a turn.
/// </summary>
public sealed class JinjaChatTemplate : ChatTemplate
{
    // Private use: tokenizers and people do not write them; if somebody does, they are dropped.
    private const char Open = '\uF8F0', Close = '\uF8F1';

    private readonly JinjaTemplate _template;
    private readonly Tokenizer _tokenizer;
    private readonly IReadOnlyDictionary<string, string> _specialTokens;
    private readonly FewShot? _fewShot;
    private readonly string[] _markers; // longest first
    private (IReadOnlyList<FunctionDefinition> Functions, int[] Ids)? _other;
    private bool _oneCallATurn;

    /// <param name="fewShot">For models that know no functions: shows them how. Null leaves the functions to the template.</param>
    /// <exception cref="TemplateException">The template is malformed or uses what Edge does not have.</exception>
    public JinjaChatTemplate(string source, Tokenizer tokenizer, IReadOnlyDictionary<string, string> specialTokens, FewShot? fewShot = null)
    {
        _fewShot = fewShot;
        _template = new JinjaTemplate(source);
        _tokenizer = tokenizer;
        _specialTokens = specialTokens;
        _markers = [.. tokenizer.Vocabulary.Special.Keys.OrderByDescending(m => m.Length)];
    }

    /// <exception cref="TemplateException">The template refuses the conversation.</exception>
    public override PromptTokens Build(IReadOnlyList<FunctionDefinition> functions, IReadOnlyList<Turn> turns)
    {
        // What does not change with the words of the first user is the catalogue's.
        if (_other is not { } other || !ReferenceEquals(other.Functions, functions))
        {
            _other = other = (functions, Encode(functions, [new Turn.User("\u2042")]));
        }

        int[] ids = Encode(functions, turns.Count > 0 ? turns : [new Turn.User("a")]);
        int prefix = ids.AsSpan().CommonPrefixLength(other.Ids);
        return new PromptTokens(turns.Count > 0 ? ids : ids[..prefix], prefix);
    }

    /// <summary>Writes a conversation of every kind of turn, so that what the template cannot do is said at the start.</summary>
    /// <exception cref="TemplateException">It refuses.</exception>
    public void Try()
    {
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"a":{"type":"string","description":"A word.","enum":["b"]}},"required":["a"]}""");
        using var arguments = JsonDocument.Parse("""{"a":"b"}""");
        var call = new FunctionCall("f", arguments.RootElement.Clone());
        FunctionDefinition[] functions = [new FunctionDefinition("f", "Does it.", schema.RootElement.Clone())];
        Turn[] turns = [new Turn.User("a"), new Turn.Calls([call, call]), new Turn.Results(["{}", "{}"]), new Turn.Words("a"), new Turn.User("b")];
        try
        {
            Build(functions, turns);
        }
        catch (TemplateException)
        {
            // Llama's own refuses several calls in one turn: they are told one after the other, each with its result.
            _oneCallATurn = true;
            Build(functions, turns);
        }
    }

    private int[] Encode(IReadOnlyList<FunctionDefinition> functions, IReadOnlyList<Turn> turns)
    {
        var hidden = new List<string>();
        string text = _template.Render(
        [
            ("messages", Messages(functions, turns, hidden)),
            ("tools", functions.Count == 0 || _fewShot is not null ? null : functions.Select(f => (object?)Tool(f)).ToList()),
            ("add_generation_prompt", true),
            ("enable_thinking", false),
            .. _specialTokens.Select(t => (t.Key, (object?)t.Value)),
        ]);
        return EncodeWithHidden(text, hidden);
    }

    private int[] EncodeWithHidden(string text, List<string> hidden)
    {
        var ids = new List<int>(1024);
        int at = 0;
        for (int open = text.IndexOf(Open, StringComparison.Ordinal); open >= 0; open = text.IndexOf(Open, at))
        {
            int close = text.IndexOf(Close, open);
            _tokenizer.EncodeTemplate(text.AsSpan(at, open - at), ids);
            _tokenizer.EncodeText(hidden[int.Parse(text.AsSpan(open + 1, close - open - 1), CultureInfo.InvariantCulture)], ids);
            at = close + 1;
        }

        _tokenizer.EncodeTemplate(text.AsSpan(at), ids);
        return [.. ids];
    }

    private List<object?> Messages(IReadOnlyList<FunctionDefinition> functions, IReadOnlyList<Turn> turns, List<string> hidden)
    {
        var messages = new List<object?>();
        if (_fewShot is not null && functions.Count > 0)
        {
            messages.Add(Message("system", Hide(FewShot.Helper(functions), hidden)));
            foreach (var (user, answer) in FewShot.Examples(functions))
            {
                messages.Add(Message("user", Hide(user, hidden)));
                messages.Add(Message("assistant", Hide(answer, hidden)));
            }
        }

        IReadOnlyList<FunctionCall> calls = [];
        foreach (var turn in turns)
        {
            switch (turn)
            {
                case Turn.User user:
                    messages.Add(Message("user", Hide(user.Text, hidden)));
                    break;
                case Turn.Words words:
                    messages.Add(Message("assistant", Hide(words.Text, hidden)));
                    break;
                case Turn.Calls made when _fewShot is not null:
                    messages.Add(Message("assistant", Hide(_fewShot.Write(made.Made), hidden)));
                    break;
                case Turn.Results results when _fewShot is not null:
                    messages.Add(Message("user", Hide(FewShot.WriteResults(results.Json), hidden)));
                    break;
                case Turn.Calls made:
                    calls = made.Made;
                    if (!_oneCallATurn)
                    {
                        messages.Add(CallsMessage(calls, hidden));
                    }

                    break;
                case Turn.Results results:
                    AddResults(messages, calls, results.Json, hidden);
                    break;
                default:
                    throw new ArgumentException($"{turn.GetType().Name} is no turn this template knows.", nameof(turns));
            }
        }

        return messages;
    }

    private OrderedDictionary<string, object?> CallsMessage(IEnumerable<FunctionCall> calls, List<string> hidden)
    {
        var message = Message("assistant", "");
        message["tool_calls"] = calls.Select(c => (object?)CallOf(c, hidden)).ToList();
        return message;
    }

    private void AddResults(List<object?> messages, IReadOnlyList<FunctionCall> calls, IReadOnlyList<string> results, List<string> hidden)
    {
        for (int i = 0; i < results.Count; i++)
        {
            if (_oneCallATurn && i < calls.Count)
            {
                messages.Add(CallsMessage([calls[i]], hidden));
            }

            var message = Message("tool", Hide(results[i], hidden));
            if (i < calls.Count)
            {
                message["name"] = Hide(calls[i].Name, hidden);
            }

            messages.Add(message);
        }
    }

    private OrderedDictionary<string, object?> CallOf(FunctionCall call, List<string> hidden) => Map(
        ("type", "function"),
        ("function", Map(("name", Hide(call.Name, hidden)), ("arguments", Hide(Values.Of(call.Arguments), hidden)))));

    private static OrderedDictionary<string, object?> Tool(FunctionDefinition function) => Map(
        ("type", "function"),
        ("function", Map(("name", function.Name), ("description", function.Description), ("parameters", Values.Of(function.Parameters)))));

    private object? Hide(object? value, List<string> hidden) => value switch
    {
        string text => Hide(text, hidden),
        List<object?> list => list.ConvertAll(i => Hide(i, hidden)),
        OrderedDictionary<string, object?> map => Map([.. map.Select(p => (Hide(p.Key, hidden), Hide(p.Value, hidden)))]),
        _ => value,
    };

    private string Hide(string text, List<string> hidden)
    {
        var shown = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            string? marker = Array.Find(_markers, m => text.AsSpan(at).StartsWith(m, StringComparison.Ordinal));
            if (marker is not null)
            {
                shown.Append(Open).Append(CultureInfo.InvariantCulture, $"{hidden.Count}").Append(Close);
                hidden.Add(marker);
                at += marker.Length;
            }
            else
            {
                shown.Append(text[at] is Open or Close ? "" : text[at].ToString());
                at++;
            }
        }

        return shown.ToString();
    }

    private static OrderedDictionary<string, object?> Message(string role, string content) => Map(("role", role), ("content", content));

    private static OrderedDictionary<string, object?> Map(params ReadOnlySpan<(string Key, object? Value)> items)
    {
        var map = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in items)
        {
            map[key] = value;
        }

        return map;
    }
}
