using System.Text;
using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Prompts;

/// <summary>
/// FunctionGemma's conversation: declarations, calls and responses between tokens of their own, texts between two <c>&lt;escape&gt;</c>, members in
/// alphabetical order. Source: ai.google.dev/gemma/docs/functiongemma/formatting-and-best-practices.
/// </summary>
public sealed class FunctionGemmaTemplate(Tokenizer tokenizer) : ChatTemplate
{
    private const string TurnsBegin = "<end_of_turn>\n";

    public override PromptTokens Build(IReadOnlyList<FunctionDefinition> functions, IReadOnlyList<Turn> turns)
    {
        var ids = new List<int>(1024) { tokenizer.Vocabulary.Find("<bos>") };
        if (functions.Count > 0)
        {
            // The sentence that switches the model to calling.
            tokenizer.EncodeTemplate("<start_of_turn>developer\nYou are a model that can do function calling with the following functions", ids);
            foreach (var function in functions)
            {
                var parts = new Parts(tokenizer, ids);
                parts.Mark("<start_function_declaration>declaration:");
                parts.Text(function.Name);
                parts.Mark("{description:");
                parts.Escaped(function.Description);
                parts.Mark(",parameters:");
                Schema(parts, function.Parameters);
                parts.Mark("}<end_function_declaration>");
                parts.End();
            }

            tokenizer.EncodeTemplate(TurnsBegin, ids);
        }

        int prefix = ids.Count;
        IReadOnlyList<FunctionCall> calls = [];
        foreach (var turn in turns)
        {
            Add(turn, ref calls, ids);
        }

        return new PromptTokens([.. ids], prefix);
    }

    private void Add(Turn turn, ref IReadOnlyList<FunctionCall> calls, List<int> ids)
    {
        var parts = new Parts(tokenizer, ids);
        switch (turn)
        {
            case Turn.User user:
                parts.Mark("<start_of_turn>user\n");
                parts.Text(user.Text);
                parts.Mark("<end_of_turn>\n<start_of_turn>model\n");
                break;
            case Turn.Calls made:
                calls = made.Made;
                foreach (var call in calls)
                {
                    parts.Mark("<start_function_call>call:");
                    parts.Text(call.Name);
                    Value(parts, call.Arguments);
                    parts.Mark("<end_function_call>");
                }

                break;
            case Turn.Results results:
                // The model goes on in its own turn.
                for (int i = 0; i < results.Json.Count; i++)
                {
                    parts.Mark("<start_function_response>response:");
                    parts.Text(i < calls.Count ? calls[i].Name : "function");
                    using var json = JsonDocument.Parse(results.Json[i]);
                    Value(parts, json.RootElement);
                    parts.Mark("<end_function_response>");
                }

                break;
            case Turn.Words words:
                parts.Text(words.Text);
                parts.Mark(TurnsBegin);
                break;
            default:
                throw new ArgumentException($"{turn.GetType().Name} is no turn this template knows.", nameof(turn));
        }

        parts.End();
    }

    /// <summary>A schema; types are written in capitals.</summary>
    private static void Schema(Parts parts, JsonElement schema)
    {
        parts.Mark("{");
        bool first = true;
        foreach (string name in (ReadOnlySpan<string>)["description", "properties", "items", "enum", "required", "type"])
        {
            if (!schema.TryGetProperty(name, out var value))
            {
                continue;
            }

            parts.Mark((first ? "" : ",") + name + ":");
            first = false;
            switch (name)
            {
                case "properties" when value.ValueKind == JsonValueKind.Object:
                    Members(parts, value, Schema);
                    break;
                case "items" when value.ValueKind == JsonValueKind.Object:
                    Schema(parts, value);
                    break;
                case "type" when value.ValueKind == JsonValueKind.String:
                    parts.Escaped(value.GetString()!.ToUpperInvariant());
                    break;
                default:
                    Value(parts, value);
                    break;
            }
        }

        parts.Mark("}");
    }

    private static void Value(Parts parts, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                parts.Escaped(value.GetString()!);
                break;
            case JsonValueKind.Object:
                Members(parts, value, Value);
                break;
            case JsonValueKind.Array:
                parts.Mark("[");
                for (int i = 0; i < value.GetArrayLength(); i++)
                {
                    parts.Mark(i > 0 ? "," : "");
                    Value(parts, value[i]);
                }

                parts.Mark("]");
                break;
            default:
                parts.Text(JsonTexts.Of(value));
                break;
        }
    }

    private static void Members(Parts parts, JsonElement value, Action<Parts, JsonElement> write)
    {
        parts.Mark("{");
        bool first = true;
        foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.OrdinalIgnoreCase))
        {
            parts.Mark(first ? "" : ",");
            parts.Text(member.Name);
            parts.Mark(":");
            write(parts, member.Value);
            first = false;
        }

        parts.Mark("}");
    }

    /// <summary>Collects what stands between special tokens, so that it is cut into tokens as one text; nobody else's text can be a special token.</summary>
    private sealed class Parts(Tokenizer tokenizer, List<int> ids)
    {
        private readonly StringBuilder _plain = new();

        /// <summary>The template's own text.</summary>
        public void Mark(string text)
        {
            int special = text.StartsWith('<') ? text.IndexOf('>') + 1 : 0;
            if (special > 0)
            {
                End();
                tokenizer.EncodeTemplate(text.AsSpan(0, special), ids);
                text = text[special..];
            }

            int next = text.IndexOf('<');
            _plain.Append(next < 0 ? text : text[..next]);
            if (next >= 0)
            {
                Mark(text[next..]);
            }
        }

        public void Text(string text) => _plain.Append(text);

        public void Escaped(string text)
        {
            Mark("<escape>");
            _plain.Append(text);
            Mark("<escape>");
        }

        public void End()
        {
            if (_plain.Length > 0)
            {
                tokenizer.EncodeText(_plain.ToString(), ids);
                _plain.Clear();
            }
        }
    }
}
