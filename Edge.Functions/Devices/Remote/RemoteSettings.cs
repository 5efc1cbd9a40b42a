using Edge.Functions.Settings;

namespace Edge.Functions.Devices.Remote;

/// <summary>Reads <c>mqtt: {dialect: zigbee2mqtt, topic: zigbee2mqtt/hall plug, within: 2s}</c>.</summary>
internal static class RemoteSettings
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static (Wiring? Wiring, DeviceLimits Limits) Read(SettingsSection device, DeviceKind kind)
    {
        var section = device.Section("mqtt");
        var dialect = section.Choice("dialect", "zigbee2mqtt", "zigbee2mqtt", "tasmota", "esphome") switch
        {
            "tasmota" => RemoteDialect.Tasmota,
            "esphome" => RemoteDialect.EspHome,
            _ => RemoteDialect.Zigbee2Mqtt,
        };
        string topic = section.RequiredText("topic", "give the device's topic, for example zigbee2mqtt/hall plug", 256);
        if (topic.Any(c => c is '+' or '#' || char.IsControl(c)) || topic.StartsWith('$') || topic.StartsWith("edge/", StringComparison.Ordinal))
        {
            section.Fault("topic", "has + # $ or control characters, or begins with edge/; use the device's own topic");
        }

        if (kind is not (DeviceKind.Light or DeviceKind.Dimmer or DeviceKind.Switch or DeviceKind.Fan or DeviceKind.Cover or DeviceKind.Lock)
            || (dialect == RemoteDialect.Tasmota && kind is DeviceKind.Cover or DeviceKind.Lock))
        {
            section.Itself.Fault("cannot be used for this kind; use light, dimmer, switch or fan, and cover or lock with zigbee2mqtt or esphome");
        }

        var within = section.Duration("within", TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2));
        section.Done();
        bool goesSafe = device.Choice("safe", "keep", "keep", "off", "closed", "locked") != "keep";
        var limits = new DeviceLimits(
            LevelMin: kind == DeviceKind.Dimmer ? device.Integer("min", 0, 0, 100) : 0,
            LevelMax: kind == DeviceKind.Dimmer ? device.Integer("max", 100, 1, 100) : 100,
            OnMax: device.OptionalDuration("onMax", TimeSpan.FromSeconds(1), 7 * Day));
        return (topic.Length == 0 ? null : new Wiring.Remote(new RemoteTopic(dialect, topic, within), goesSafe), limits);
    }
}
