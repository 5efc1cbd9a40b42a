namespace Edge.Functions.Devices.Remote;

/// <summary>Between remote devices and whatever carries their messages. Thread-safe.</summary>
public sealed class RemoteBus
{
    private readonly Dictionary<string, List<Action<string>>> _listeners = new(StringComparer.Ordinal);
    private volatile Func<string, string, bool>? _send;

    /// <summary>The topics that devices report to; complete once the house is open.</summary>
    public IReadOnlyCollection<string> StateTopics => _listeners.Keys;

    /// <summary>The carrier: takes topic and payload at once and says whether it could. Null while there is none.</summary>
    public void Attach(Func<string, string, bool>? send) => _send = send;

    /// <summary>Somebody carries messages.</summary>
    public bool IsAttached => _send is not null;

    /// <summary>A message came, on any topic.</summary>
    public void Receive(string topic, string payload)
    {
        if (_listeners.TryGetValue(topic, out var listeners))
        {
            listeners.ForEach(listen => listen(payload));
        }
    }

    /// <summary>Only while the house is being opened.</summary>
    internal void Listen(string topic, Action<string> listener)
    {
        if (!_listeners.TryGetValue(topic, out var listeners))
        {
            _listeners[topic] = listeners = [];
        }

        listeners.Add(listener);
    }

    /// <exception cref="Gpio.HardwareFault">Nothing carries messages now.</exception>
    internal void Send(string topic, string payload)
    {
        if (_send?.Invoke(topic, payload) != true)
        {
            throw new Gpio.HardwareFault($"no broker is connected, so nothing was sent to {topic}.");
        }
    }
}
