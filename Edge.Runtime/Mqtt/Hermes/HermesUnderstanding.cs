using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Calls;
using Edge.Runtime.Commands;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Mqtt.Hermes;

/// <summary>
/// Understanding alone, for those who act themselves: <c>hermes/nlu/query</c> is answered with the intent and its slots, and nothing is
/// called. Source: rhasspy-hermes, the messages NluQuery, NluIntent and NluIntentNotRecognized.
/// </summary>
internal sealed class HermesUnderstanding
{
    public const string Query = "hermes/nlu/query";
    public const string NotRecognized = "hermes/nlu/intentNotRecognized";

    private readonly HermesLink _hermes;
    private readonly ILogger _log;
    private readonly ClientRates _rates;
    private int _ids;

    public HermesUnderstanding(HermesLink hermes, ILogger<HermesUnderstanding> log)
    {
        _hermes = hermes;
        _log = log;
        _rates = new ClientRates(hermes.Mqtt.CommandsPerMinute, hermes.Clock);
        hermes.Broker.On(Query, OnQueryAsync);
    }

    /// <summary>Where an intent goes: Rhasspy's dialogue manager and handlers listen to the first.</summary>
    public static IReadOnlyList<string> IntentTopics(string name) => [$"hermes/intent/{name}", $"hermes/nlu/intent/{name}"];

    private async Task OnQueryAsync(CommandMessage message)
    {
        string id = $"hermes-query-{++_ids}";
        var query = message.Payload.Length <= _hermes.Mqtt.PayloadBytesMax ? HermesQuery.Read(message.Payload) : null;
        if (query is null)
        {
            MqttLog.Refused(_log, id, $"A message on {Query} has no \"input\", or something in it has the wrong type.");
            return;
        }

        if (!_hermes.Listens(query.Site))
        {
            return;
        }

        if (Admission.Refusal(message, _hermes.Mqtt.PayloadBytesMax, _hermes.Times.AgeMax) is { } refusal || !_rates.Count(message with { Client = query.Site }))
        {
            await _hermes.SendAsync(NotRecognized, query.Answer());
            return;
        }

        _ = AnswerAsync(query, _hermes.Command(id, query.Input, query.Site, query.Session) with { OnlyUnderstand = true });
    }

    private async Task AnswerAsync(HermesQuery query, Command command)
    {
        var reply = await _hermes.Worker.SubmitAsync(command);
        var call = reply.Status == ReplyStatus.Ok ? reply.Calls.FirstOrDefault(c => query.Allows(c.Name)) : null;
        if (call is null)
        {
            await _hermes.SendAsync(NotRecognized, query.Answer());
            return;
        }

        // A query has one intent; what else the sentence asked for has to be asked again.
        foreach (string topic in IntentTopics(call.Name))
        {
            var intent = query.Answer();
            intent["rawInput"] = query.Input;
            intent["intent"] = new JsonObject { ["intentName"] = call.Name, ["confidenceScore"] = 1.0 };
            intent["slots"] = Slots(query.Input, call);
            await _hermes.SendAsync(topic, intent);
        }
    }

    private static JsonArray Slots(string input, FunctionCall call) => [.. call.Arguments.EnumerateObject().Select(argument =>
    {
        string raw = argument.Value.ValueKind == JsonValueKind.String ? argument.Value.GetString()! : argument.Value.GetRawText();
        int start = input.IndexOf(raw, StringComparison.OrdinalIgnoreCase);
        var slot = new JsonObject
        {
            ["entity"] = argument.Name,
            ["slotName"] = argument.Name,
            ["value"] = new JsonObject
            {
                ["kind"] = argument.Value.ValueKind == JsonValueKind.Number ? "Number" : "Custom",
                ["value"] = JsonNode.Parse(argument.Value.GetRawText()),
            },
            ["rawValue"] = raw,
            ["confidence"] = 1.0,
        };
        if (start >= 0)
        {
            slot["range"] = new JsonObject { ["start"] = start, ["end"] = start + raw.Length };
        }

        return (JsonNode)slot;
    })];
}

/// <summary>A question what a text means.</summary>
/// <param name="Filter">The intents that may be meant; null for all.</param>
/// <param name="Carried">What comes back untouched: id, sessionId, customData, wakewordId, lang.</param>
internal sealed record HermesQuery(string Input, string Site, string? Session, IReadOnlyList<string>? Filter, JsonObject Carried)
{
    private const int CharsMax = 128;
    private static readonly string[] CarriedFields = ["id", "sessionId", "customData", "wakewordId", "lang"];

    /// <returns>Null when the payload is no such message.</returns>
    public static HermesQuery? Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            var root = document.RootElement;
            string? input = Field(root, "input", 4096);
            var carried = new JsonObject();
            foreach (string field in CarriedFields)
            {
                if (Field(root, field, 1024) is { } value)
                {
                    carried[field] = value;
                }
            }

            IReadOnlyList<string>? filter = root.TryGetProperty("intentFilter", out var intents) && intents.ValueKind == JsonValueKind.Array
                ? [.. intents.EnumerateArray().Select(i => i.GetString()!)]
                : null;
            string site = Field(root, "siteId", CharsMax) ?? "default";
            return string.IsNullOrWhiteSpace(input) ? null : new HermesQuery(input.Trim(), site, Field(root, "sessionId", CharsMax), filter, carried);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    public bool Allows(string intent) => Filter is null || Filter.Contains(intent);

    /// <summary>What every answer begins with.</summary>
    public JsonObject Answer()
    {
        var json = (JsonObject)Carried.DeepClone();
        json["input"] = Input;
        json["siteId"] = Site;
        return json;
    }

    private static string? Field(JsonElement root, string name, int charsMax)
    {
        string? text = root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
        return text is null || (text.Length <= charsMax && !text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r'))) ? text : throw new FormatException();
    }
}
