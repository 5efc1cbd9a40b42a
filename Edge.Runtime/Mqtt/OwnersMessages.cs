using Edge.Functions.Handlers;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>Sends the messages that the owner's own functions publish. They pass the same door as replies: no message may become a command.</summary>
internal sealed class OwnersMessages(Topics topics, BrokerLink link) : IMessagePublisher
{
    public async Task PublishAsync(string topic, string payload, bool retain, CancellationToken cancellationToken)
    {
        if (ResponseDoor.Refusal(topic, topics) is { } refusal)
        {
            throw new IOException(refusal.Replace("The response topic", "The topic", StringComparison.Ordinal));
        }

        await link.PublishAsync(
            new MqttApplicationMessageBuilder()
                .WithTopic(topic)
                .WithPayload(payload)
                .WithRetainFlag(retain)
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(),
            cancellationToken);
    }
}
