using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Mqtt.Hermes;

/// <summary>
/// Voice by the Hermes protocol, as Rhasspy speaks it: what was heard (<c>hermes/asr/textCaptured</c>) is a command; its reply is said, and the
/// session ends, or goes on when somebody has to confirm. Source: Rhasspy's reference, "MQTT API".
/// </summary>
internal sealed class HermesVoice
{
    public const string Heard = "hermes/asr/textCaptured";
    public const string End = "hermes/dialogueManager/endSession";
    public const string Continue = "hermes/dialogueManager/continueSession";
    public const string Say = "hermes/tts/say";

    private readonly HermesLink _hermes;
    private readonly ILogger _log;
    private readonly ClientRates _rates;
    private int _ids;

    public HermesVoice(HermesLink hermes, ILogger<HermesVoice> log)
    {
        _hermes = hermes;
        _log = log;
        _rates = new ClientRates(hermes.Mqtt.CommandsPerMinute, hermes.Clock);
        hermes.Broker.On(Heard, OnHeardAsync);
    }

    private static void Forget(Task task) => _ = task;

    private async Task OnHeardAsync(CommandMessage message)
    {
        string id = $"hermes-{++_ids}";
        string? refusal = Admission.Refusal(message, _hermes.Mqtt.PayloadBytesMax, _hermes.Times.AgeMax) ?? Admission.RefusalOfNameless(message, hasId: false);
        var heard = message.Payload.Length <= _hermes.Mqtt.PayloadBytesMax ? HeardText.Read(message.Payload) : null;
        if (heard is null || !_hermes.Listens(heard.Site))
        {
            if (heard is null)
            {
                MqttLog.Refused(_log, id, refusal ?? $"A message on {Heard} has no \"text\", or something in it is no string.");
            }

            return;
        }

        if (!_rates.Count(message with { Client = heard.Site }))
        {
            refusal = $"More than {_hermes.Mqtt.CommandsPerMinute} commands came from one room within a minute.";
        }

        if (refusal is not null)
        {
            MqttLog.Refused(_log, id, refusal);
            await AnswerAsync(heard, Reply.Refusal(id, ReplyStatus.Refused, refusal));
            return;
        }

        Forget(RunAsync(heard, _hermes.Command(id, heard.Text, heard.Site, heard.Session)));
    }

    private async Task RunAsync(HeardText heard, Command command) => await AnswerAsync(heard, await _hermes.Worker.SubmitAsync(command));

    private async Task AnswerAsync(HeardText heard, Reply reply)
    {
        if (heard.Session is { } session && reply.Results.Any(r => r is FunctionResult.Asked))
        {
            // The dialogue manager says the text itself, and listens for the answer.
            await _hermes.SendAsync(Continue, new JsonObject { ["sessionId"] = session, ["siteId"] = heard.Site, ["text"] = reply.Sentence });
            return;
        }

        var say = new JsonObject { ["text"] = reply.Sentence, ["siteId"] = heard.Site, ["id"] = reply.Id };
        if (heard.Session is not null)
        {
            say["sessionId"] = heard.Session;
            await _hermes.SendAsync(End, new JsonObject { ["sessionId"] = heard.Session, ["siteId"] = heard.Site });
        }

        await _hermes.SendAsync(Say, say);
    }
}

/// <summary>What somebody said.</summary>
/// <param name="Site">Where: Hermes calls a room with a microphone a site; <c>default</c> when it is not said.</param>
/// <param name="Session">Null outside of a dialogue.</param>
internal sealed record HeardText(string Text, string Site, string? Session)
{
    private const int CharsMax = 128;

    /// <returns>Null when the payload is no such message.</returns>
    public static HeardText? Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            var root = document.RootElement;
            string? text = Field(root, "text");
            return string.IsNullOrWhiteSpace(text) || text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r'))
                ? null
                : new HeardText(text.Trim(), Name(root, "siteId") ?? "default", Name(root, "sessionId"));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string? Name(JsonElement root, string name) => Field(root, name) switch
    {
        null or "" => null,
        { Length: <= CharsMax } field when !field.Any(char.IsControl) => field,
        _ => throw new FormatException(),
    };

    private static string? Field(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
}

/// <summary>The section <c>hermes</c> of edge.yaml.</summary>
/// <param name="Enabled">Off unless the owner has a voice assistant.</param>
public sealed record HermesOptions(bool Enabled = false)
{
    /// <summary>The rooms that may command this Edge; empty for all.</summary>
    public IReadOnlyList<string> Sites { get; init; } = [];

    public bool Listens(string site) => Sites.Count == 0 || Sites.Contains(site);
}
