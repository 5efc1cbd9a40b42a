using System.Text;
using System.Text.Json.Nodes;
using Edge.Runtime.Commands;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt.Hermes;

/// <summary>What Edge has towards a voice assistant, whatever it is asked for: limits, the worker, and the way to the broker.</summary>
/// <param name="IsMine">Whether a conversation is this brain's: every brain of a house hears everything.</param>
internal sealed record HermesLink(
    HermesOptions Options, MqttOptions Mqtt, CommandTimes Times, CommandWorker Worker, Func<string, bool> IsMine, BrokerLink Broker, TimeProvider Clock)
{
    /// <summary>Whether what is said in a room is for this Edge.</summary>
    public bool Listens(string site) => Options.Listens(site) && IsMine(Origin(site));

    /// <summary>A command that was received now.</summary>
    public Command Command(string id, string text, string site, string? session)
    {
        var now = Clock.GetUtcNow();
        return new Command(id, text, now, now + Times.TimeMax, Origin(site), session);
    }

    public Task SendAsync(string topic, JsonObject json) => Broker.Outbox.AddReplyAsync(
        new MqttApplicationMessageBuilder()
            .WithTopic(topic)
            .WithPayload(Encoding.UTF8.GetBytes(json.ToJsonString()))
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build(),
        CancellationToken.None);

    private static string Origin(string site) => $"hermes:{site}";
}
