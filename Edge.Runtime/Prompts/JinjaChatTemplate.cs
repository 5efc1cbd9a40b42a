using System.Globalization;
using System.Text;
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
    private readonly string[] _markers; // longest first

    /// <exception cref="TemplateException">The template is malformed or uses what Edge does not have.</exception>
    public JinjaChatTemplate(string source, Tokenizer tokenizer, IReadOnlyDictionary<string, string> specialTokens)
    {
        _template = new JinjaTemplate(source);
        _tokenizer = tokenizer;
        _specialTokens = specialTokens;
        _markers = [.. tokenizer.Vocabulary.Special.Keys.OrderByDescending(m => m.Length)];
    }

    /// <exception cref="TemplateException">The template refuses the conversation.</exception>
    public override PromptTokens Build(IReadOnlyList<FunctionDefinition> functions, IReadOnlyList<Turn> turns)
    {
        int[] ids = Encode(functions, turns);

        // What does not change with the words of the first user is the catalogue's.
        int[] other = Encode(functions, [new Turn.User("\u2042")]);
        return new PromptTokens(ids, Math.Min(ids.AsSpan().CommonPrefixLength(other), ids.Length));
    }

    private int[] Encode(IReadOnlyList<FunctionDefinition> functions, IReadOnlyList<Turn> turns)
    {
        var hidden = new List<string>();
        string text = _template.Render(
        [
            ("messages", turns.SelectMany(t => Messages(t, hidden)).ToList()),
            ("tools", functions.Count == 0 ? null : functions.Select(f => (object?)Tool(f)).ToList()),
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

    private IEnumerable<object?> Messages(Turn turn, List<string> hidden)
    {
        switch (turn)
        {
            case Turn.User user:
                yield return Message("user", Hide(user.Text, hidden));
                break;
            case Turn.Words words:
                yield return Message("assistant", Hide(words.Text, hidden));
                break;
            case Turn.Calls calls:
                var message = Message("assistant", "");
                message["tool_calls"] = calls.Made.Select(c => (object?)CallOf(c, hidden)).ToList();
                yield return message;
                break;
            case Turn.Results results:
                foreach (string json in results.Json)
                {
                    yield return Message("tool", Hide(json, hidden));
                }

                break;
            default:
                throw new ArgumentException($"{turn.GetType().Name} is no turn this template knows.", nameof(turn));
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
