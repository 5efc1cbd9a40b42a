using Edge.Runtime.Commands;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>Sends replies to where their commands asked for them, if that door is open.</summary>
internal sealed class ReplyDesk(MqttOptions options, Topics topics, BrokerLink link)
{
    /// <summary>Where the reply to a message goes.</summary>
    /// <param name="refusal">One sentence when the message named a topic that no reply may go to; the refusal then goes to the address returned.</param>
    public ReplyAddress AddressOf(CommandMessage message, out string? refusal)
    {
        refusal = message.ResponseTopic is { } topic ? ResponseDoor.Refusal(topic, topics, options.ResponseTopics) : null;

        // The sender may still be listening where every reply goes that has no other address.
        return new ReplyAddress(refusal is null ? message.ResponseTopic ?? topics.Reply : topics.Reply, message.CorrelationData);
    }

    /// <summary>Puts the reply on its way; waits while too many others wait for the broker.</summary>
    public Task SendAsync(Reply reply, ReplyAddress to) => SendAsync(ReplyJson.ToBytes(reply), to);

    /// <inheritdoc cref="SendAsync(Reply, ReplyAddress)"/>
    public Task SendAsync(byte[] reply, ReplyAddress to) => link.Outbox.AddReplyAsync(
        new MqttApplicationMessageBuilder()
            .WithTopic(to.Topic)
            .WithPayload(reply)
            .WithContentType("application/json")
            .WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData)
            .WithCorrelationData(to.CorrelationData)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build(),
        CancellationToken.None);
}

internal sealed record ReplyAddress(string Topic, byte[]? CorrelationData);
