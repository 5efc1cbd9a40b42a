using Edge.Runtime.Commands;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>Turns messages into commands and replies into messages: one in, one out.</summary>
public sealed class Gateway
{
    private readonly MqttOptions _options;
    private readonly TimeSpan _commandTime;
    private readonly Topics _topics;
    private readonly BrokerLink _link;
    private readonly CommandWorker _worker;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly InFlight _inFlight = new();
    private readonly string _idPrefix;
    private int _ids;

    /// <param name="commandTime">From receipt to the deadline of a command.</param>
    public Gateway(MqttOptions options, TimeSpan commandTime, Topics topics, BrokerLink link, CommandWorker worker, TimeProvider clock, ILogger<Gateway> log)
    {
        _options = options;
        _commandTime = commandTime;
        _topics = topics;
        _link = link;
        _worker = worker;
        _clock = clock;
        _log = log;

        // Ids of commands that came without one differ also between two starts, so that logs can be told apart.
        _idPrefix = clock.GetUtcNow().ToUnixTimeSeconds().ToString("x", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Completes when every command received so far has its reply in the outbox.</summary>
    public Task AnsweredAsync() => _inFlight.NoneAsync();

    /// <summary>Accepts or refuses one message. Returns when the next may come; the reply follows when it is ready.</summary>
    public async Task OnCommandAsync(CommandMessage message)
    {
        var receivedAt = _clock.GetUtcNow();
        var reading = CommandReader.Read(message, _options.PayloadBytesMax);
        string id = reading.Id ?? $"{_idPrefix}-{++_ids}";
        var to = new ReplyAddress(message.ResponseTopic ?? _topics.Reply, message.CorrelationData);
        if (message.ResponseTopic is { } topic && ResponseDoor.Refusal(topic, _topics) is { } closed)
        {
            // The sender may still be listening where every reply goes that has no other address.
            to = to with { Topic = _topics.Reply };
            reading = new CommandReading.Refused(reading.Id, closed);
        }

        using (_inFlight.Enter())
        {
            switch (reading)
            {
                case CommandReading.Accepted accepted:
                    var command = new Command(id, accepted.Text, receivedAt, receivedAt + _commandTime, "mqtt", accepted.Session);
                    Forget(AnswerAsync(_worker.SubmitAsync(command), to, _inFlight.Enter()));
                    break;
                case CommandReading.Refused refused:
                    MqttLog.Refused(_log, id, refused.Sentence);
                    await ReplyAsync(Reply.Refusal(id, ReplyStatus.Refused, refused.Sentence), to);
                    break;
            }
        }
    }

    private static void Forget(Task task) => _ = task;

    private async Task AnswerAsync(Task<Reply> reply, ReplyAddress to, IDisposable inFlight)
    {
        using (inFlight)
        {
            await ReplyAsync(await reply, to);
        }
    }

    private Task ReplyAsync(Reply reply, ReplyAddress to) => _link.Outbox.AddReplyAsync(
        new MqttApplicationMessageBuilder()
            .WithTopic(to.Topic)
            .WithPayload(ReplyJson.ToBytes(reply))
            .WithContentType("application/json")
            .WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData)
            .WithCorrelationData(to.CorrelationData)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build(),
        CancellationToken.None);

    private sealed record ReplyAddress(string Topic, byte[]? CorrelationData);
}
