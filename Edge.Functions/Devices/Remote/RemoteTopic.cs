namespace Edge.Functions.Devices.Remote;

/// <summary>How a device that lives behind MQTT speaks.</summary>
public enum RemoteDialect
{
    /// <summary><c>TOPIC/set</c> and <c>TOPIC</c>, JSON: <c>{"state":"ON","brightness":254}</c>.</summary>
    Zigbee2Mqtt,

    /// <summary><c>cmnd/TOPIC/POWER</c> and <c>stat/TOPIC/RESULT</c>: <c>{"POWER":"ON","Dimmer":40}</c>.</summary>
    Tasmota,

    /// <summary><c>TOPIC/command</c> and <c>TOPIC/state</c>: <c>ON</c>, or <c>{"state":"ON","brightness":255}</c> for lights.</summary>
    EspHome,
}

/// <summary>Where a remote device is.</summary>
/// <param name="Topic">The device's own: <c>zigbee2mqtt/hall plug</c>, <c>sonoff1</c>, <c>porch/switch/relay</c>.</param>
/// <param name="Within">How long it may take to report what it did.</param>
public sealed record RemoteTopic(RemoteDialect Dialect, string Topic, TimeSpan Within)
{
    /// <summary>Where it reports how it stands.</summary>
    public string State => Dialect switch
    {
        RemoteDialect.Zigbee2Mqtt => Topic,
        RemoteDialect.Tasmota => $"stat/{Topic}/RESULT",
        _ => $"{Topic}/state",
    };

    public override string ToString() => $"topic {Topic}";
}
