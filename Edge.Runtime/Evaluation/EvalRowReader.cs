using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;

namespace Edge.Runtime.Evaluation;

/// <summary>JSON → <see cref="EvalRow"/>; every fault is a FormatException that names the place inside the row.</summary>
internal static class EvalRowReader
{
    /// <exception cref="FormatException">A member is missing or of another type; the message says which.</exception>
    public static EvalRow Read(JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"a row is a JSON object with id, tools, messages and expected, not {Kind(row)}.");
        }

        return new EvalRow(
            Text(row, "id", "the row"),
            [.. Member(row, "tools", JsonValueKind.Array, "the row").EnumerateArray().Select(tool => FunctionDefinition.Parse(tool))],
            [.. Member(row, "messages", JsonValueKind.Array, "the row").EnumerateArray().Select(ReadMessage)],
            [.. Member(row, "expected", JsonValueKind.Array, "the row").EnumerateArray().Select(ReadExpected)]);
    }

    private static EvalMessage ReadMessage(JsonElement message, int index)
    {
        string place = $"messages[{index}]";
        string role = Text(message, "role", place);
        if (role is not ("system" or "user" or "assistant" or "tool"))
        {
            throw new FormatException($"{place}.role is \"{role}\"; use system, user, assistant or tool.");
        }

        if (role == "assistant" && message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            bool speaks = message.TryGetProperty("content", out var words) && words.ValueKind == JsonValueKind.String;
            return new EvalMessage(role, speaks ? words.GetString()! : "", [.. calls.EnumerateArray().Select((call, at) => ReadCall(call, $"{place}.tool_calls[{at}]"))]);
        }

        return new EvalMessage(role, Text(message, "content", place), []);
    }

    // OpenAI writes a call's arguments as JSON inside a string; an object as it stands is read too.
    private static FunctionCall ReadCall(JsonElement call, string place)
    {
        var function = Member(call, "function", JsonValueKind.Object, place);
        string name = Text(function, "name", place + ".function");
        if (function.TryGetProperty("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.String)
        {
            try
            {
                using var inner = JsonDocument.Parse(arguments.GetString()!);
                return new FunctionCall(name, inner.RootElement.Clone());
            }
            catch (JsonException)
            {
                throw new FormatException($"{place}.function.arguments is not JSON inside the string; write an object.");
            }
        }

        return new FunctionCall(name, Member(function, "arguments", JsonValueKind.Object, place + ".function").Clone());
    }

    private static ExpectedCall ReadExpected(JsonElement call, int index)
    {
        string place = $"expected[{index}]";
        string name = Text(call, "name", place);
        var arguments = new Dictionary<string, IReadOnlyList<JsonElement>>(StringComparer.Ordinal);
        foreach (var argument in Member(call, "arguments", JsonValueKind.Object, place).EnumerateObject())
        {
            if (argument.Value.ValueKind != JsonValueKind.Array || argument.Value.GetArrayLength() == 0)
            {
                throw new FormatException($"{place}.arguments.{argument.Name} is {Kind(argument.Value)}; write the list of accepted values, null in it for \"may be left out\".");
            }

            arguments[argument.Name] = [.. argument.Value.EnumerateArray().Select(value => value.Clone())];
        }

        return new ExpectedCall(name, arguments);
    }

    private static string Text(JsonElement parent, string name, string place) => Member(parent, name, JsonValueKind.String, place).GetString()!;

    private static JsonElement Member(JsonElement parent, string name, JsonValueKind kind, string place)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{place} is {Kind(parent)}; write an object with \"{name}\".");
        }

        if (!parent.TryGetProperty(name, out var member))
        {
            throw new FormatException($"{place} has no \"{name}\".");
        }

        return member.ValueKind == kind ? member : throw new FormatException($"\"{name}\" of {place} is {Kind(member)}; write {Kind(kind)}.");
    }

    private static string Kind(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0 ? "an empty array" : Kind(value.ValueKind);

    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
