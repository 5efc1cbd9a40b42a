using System.Text;
using Edge.Functions;
using Edge.Functions.Devices;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>Publishes how the devices stand, retained: each change, and everything whenever the broker was away, since it may have forgotten.</summary>
public sealed class DeviceStates : IDisposable
{
    private readonly House _house;
    private readonly Topics _topics;
    private readonly BrokerLink _link;

    public DeviceStates(House house, Topics topics, BrokerLink link)
    {
        _house = house;
        _topics = topics;
        _link = link;
        _house.StateChanged += Publish;
        _link.Connected += PublishAll;
    }

    public void Dispose()
    {
        _house.StateChanged -= Publish;
        _link.Connected -= PublishAll;
    }

    private void PublishAll()
    {
        foreach (var device in _house.Registry.Devices.Where(d => d.Declaration.Board is null))
        {
            Publish(device, device.State);
        }
    }

    private void Publish(Device device, DeviceState state)
    {
        if (device.Declaration.Board is null)
        {
            Publish(_link, _topics, device, state);
        }
    }

    /// <summary>Says how a device stands, whether or not that is news.</summary>
    internal static void Publish(BrokerLink link, Topics topics, Device device, DeviceState state)
    {
        // Also when nobody knows: a hub must not go on showing the number of a sensor that no longer answers.
        link.Outbox.SetState(new MqttApplicationMessageBuilder()
            .WithTopic(topics.DeviceState(device.Name))
            .WithPayload(Encoding.UTF8.GetBytes(state.ToJson().ToJsonString()))
            .WithContentType("application/json")
            .WithRetainFlag()
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build());
    }
}
