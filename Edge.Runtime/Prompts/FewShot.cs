using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;

namespace Edge.Runtime.Prompts;

/// <summary>
/// Shows a chat model that was never trained to call functions how it is done: the functions as signatures, a word about brevity, and examples made
/// of the catalogue itself, so that they name what exists.
/// </summary>
/// <param name="between">Two calls of one answer.</param>
public sealed class FewShot(string between)
{
    private const int ExamplesMax = 3;

    /// <summary>The helper text: what there is, and how to answer.</summary>
    public static string Helper(IReadOnlyList<FunctionDefinition> functions)
    {
        var text = new StringBuilder("You do what the user asks by calling functions. These are the functions:\n");
        foreach (var function in functions)
        {
            text.Append(Signature.Of(function)).Append('\n');
        }

        return text.Append("Answer with one JSON object a call, {\"name\": …, \"arguments\": {…}}, and nothing else. If no function fits, answer in one short sentence.").ToString();
    }

    /// <summary>Questions with their answers.</summary>
    public static IEnumerable<(string User, string Answer)> Examples(IReadOnlyList<FunctionDefinition> functions)
    {
        foreach (var (words, call) in functions.Select(Example).OfType<(string Words, FunctionCall Call)>().Take(ExamplesMax))
        {
            yield return (words, Write(call));
        }

        yield return ("What is the capital of France?", "I can only do what my functions do.");
    }

    /// <summary>Calls as these models are shown them.</summary>
    public string Write(IEnumerable<FunctionCall> calls) => string.Join(between, calls.Select(Write));

    private static string Write(FunctionCall call) =>
        $"{{\"name\": {JsonTexts.Quote(call.Name)}, \"arguments\": {JsonTexts.Of(call.Arguments, TextStyle.Spaced)}}}";

    /// <summary>Results, as a user would tell them.</summary>
    public static string WriteResults(IEnumerable<string> json) => "Result: " + string.Join('\n', json);

    /// <summary>The function's name and values as a command, with the call that it means; null where a value cannot be invented.</summary>
    private static (string Words, FunctionCall Call)? Example(FunctionDefinition function)
    {
        var schema = function.Parameters;
        var required = schema.TryGetProperty("required", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!).ToList()
            : [];
        var words = new StringBuilder(function.Name.Replace('_', ' '));
        var arguments = new StringBuilder("{");
        foreach (string name in required)
        {
            if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object
                || !properties.TryGetProperty(name, out var property) || Sample(property) is not { } value)
            {
                return null;
            }

            arguments.Append(arguments.Length > 1 ? "," : "").Append(JsonTexts.Quote(name)).Append(':').Append(value.GetRawText());
            words.Append(' ').Append(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText());
        }

        using var json = JsonDocument.Parse(arguments.Append('}').ToString());
        return (words.ToString(), new FunctionCall(function.Name, json.RootElement.Clone()));
    }

    /// <summary>The first listed value, or a number or a truth value in range.</summary>
    private static JsonElement? Sample(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
        {
            return values[0].ValueKind is JsonValueKind.Array or JsonValueKind.Object ? null : values[0];
        }

        string? type = schema.TryGetProperty("type", out var t) && t.ValueKind == JsonValueKind.String ? t.GetString() : null;
        return type switch
        {
            "boolean" => Parse("true"),
            "integer" or "number" => Parse(Number(schema)),
            _ => null,
        };
    }

    private static string Number(JsonElement schema)
    {
        double low = Bound("minimum", 0), high = Bound("maximum", Math.Max(low, 20));
        return Math.Round((low + high) / 2).ToString(CultureInfo.InvariantCulture);

        double Bound(string name, double absent) => schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : absent;
    }

    private static JsonElement Parse(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}
