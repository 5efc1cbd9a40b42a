using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt.HomeAssistant;

/// <summary>
/// Tells Home Assistant what there is: at every connection, and again when Home Assistant says that it has started. What the broker still
/// holds of an earlier start tells which devices have gone. Switched off, it clears what it had left in the broker.
/// </summary>
internal sealed class HomeAssistantHub
{
    private readonly DiscoveryPayload? _payload;
    private readonly BrokerLink _link;

    /// <param name="payload">Null when discovery is switched off.</param>
    public HomeAssistantHub(HomeAssistantOptions options, Topics topics, DiscoveryPayload? payload, BrokerLink link)
    {
        _payload = payload;
        _link = link;
        ConfigTopic = $"{options.Prefix}/device/edge_{topics.Id}/config";
        link.On(ConfigTopic, OnConfigAsync);
        if (payload is not null)
        {
            link.On($"{options.Prefix}/status", OnStatusAsync);
            link.Connected += Publish;
        }
    }

    public string ConfigTopic { get; }

    private Task OnStatusAsync(CommandMessage message)
    {
        if (message.Payload.Span.SequenceEqual("online"u8))
        {
            Publish();
        }

        return Task.CompletedTask;
    }

    private Task OnConfigAsync(CommandMessage message)
    {
        if (_payload is null)
        {
            if (message.Payload.Length > 0)
            {
                Send([]);
            }
        }
        else if (_payload.ToBytesThatRemove(message.Payload) is { } removal)
        {
            // Both must arrive, in this order: they are no states of which the last is enough.
            _link.Outbox.AddEvent(Message(removal));
            _link.Outbox.AddEvent(Message(_payload.ToBytes()));
        }

        return Task.CompletedTask;
    }

    private void Publish() => Send(_payload!.ToBytes());

    private void Send(byte[] payload) => _link.Outbox.SetState(Message(payload));

    private MqttApplicationMessage Message(byte[] payload) => new MqttApplicationMessageBuilder()
        .WithTopic(ConfigTopic)
        .WithPayload(payload)
        .WithRetainFlag()
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();
}

/// <summary>The section <c>homeAssistant</c> of edge.yaml.</summary>
/// <param name="Discovery">Whether Home Assistant is told of the devices.</param>
/// <param name="Prefix">Home Assistant's discovery prefix.</param>
public sealed record HomeAssistantOptions(bool Discovery = true, string Prefix = "homeassistant");
