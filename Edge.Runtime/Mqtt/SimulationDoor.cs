using System.Text;
using Edge.Functions;
using Edge.Functions.Devices;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Mqtt;

/// <summary>Sets simulated sensors and inputs; moves nothing. What is not simulated, and what cannot be read, is refused with an event.</summary>
internal sealed class SimulationDoor
{
    private const int PayloadBytesMax = 64;

    private readonly House _house;
    private readonly Dictionary<string, Device> _byTopic;
    private readonly Events _events;
    private readonly TimeSpan _ageMax;
    private readonly ILogger _log;

    public SimulationDoor(House house, TimeSpan ageMax, Topics topics, BrokerLink link, Events events, ILogger<SimulationDoor> log)
    {
        (_house, _ageMax, _events, _log) = (house, ageMax, events, log);
        _byTopic = house.Registry.Devices.ToDictionary(d => topics.Simulation(d.Name), StringComparer.Ordinal);
        link.On(topics.Simulations, OnSetAsync);
    }

    private Task OnSetAsync(CommandMessage message)
    {
        var device = _byTopic.GetValueOrDefault(message.Topic);
        string? refusal = Admission.Refusal(message, PayloadBytesMax, _ageMax)
            ?? (device is null ? $"There is no device on {message.Topic}." : _house.Simulated.Set(device, Encoding.UTF8.GetString(message.Payload.Span)));
        if (refusal is not null)
        {
            MqttLog.NotSet(_log, device?.Name ?? message.Topic, message.Origin, refusal);
            _events.Add(Events.Denied, refusal, message.Origin, null, device?.Name);
        }

        return Task.CompletedTask;
    }
}
