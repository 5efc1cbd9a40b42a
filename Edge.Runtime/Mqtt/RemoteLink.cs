using System.Text;
using Edge.Functions.Devices.Remote;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// Carries the messages of the house's remote devices (zigbee2mqtt, Tasmota, ESPHome), by a connection of its own: a chatty device must
/// not hold up commands and replies. Nothing is connected where the house has no such device.
/// </summary>
public sealed class RemoteLink : IAsyncDisposable
{
    private readonly RemoteBus _bus;
    private readonly SideConnection _connection;

    public RemoteLink(RemoteBus bus, MqttOptions options, TimeProvider clock, Random random)
    {
        _bus = bus;
        _connection = new SideConnection("devices", options, Subscription, clock, random);
        _connection.Client.ApplicationMessageReceivedAsync += received =>
        {
            var message = received.ApplicationMessage;
            _bus.Receive(message.Topic, Encoding.UTF8.GetString(message.Payload));
            return Task.CompletedTask;
        };
    }

    /// <summary>Starts connecting, and never stops trying.</summary>
    public void Start()
    {
        if (_bus.StateTopics.Count > 0)
        {
            _bus.Attach(Send);
            _connection.Start();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _bus.Attach(null);
        await _connection.DisposeAsync();
    }

    /// <summary>Hands the message over and does not wait: whether the device did it, the device itself reports.</summary>
    private bool Send(string topic, string payload)
    {
        if (!_connection.Client.IsConnected)
        {
            return false;
        }

        var message = new MqttApplicationMessageBuilder()
            .WithTopic(topic)
            .WithPayload(payload)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();

        // A fault here ends the connection, and the missing report tells the user.
        _connection.Client.PublishAsync(message, CancellationToken.None).ContinueWith(t => t.Exception, TaskScheduler.Default);
        return true;
    }

    private MqttClientSubscribeOptions Subscription()
    {
        var builder = new MqttClientSubscribeOptionsBuilder();
        foreach (string topic in _bus.StateTopics)
        {
            builder.WithTopicFilter(topic, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        return builder.Build();
    }
}
