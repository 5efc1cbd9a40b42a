using System.Globalization;
using System.Text.Json;

namespace Edge.Functions.Devices.Remote;

/// <summary>
/// What is sent for an action, and what a report means. Reports are data from elsewhere: a few known words and numbers count, anything
/// else says nothing. Sources: zigbee2mqtt.io (MQTT topics and messages), tasmota.github.io (commands), esphome.io (MQTT client component).
/// </summary>
internal static class RemoteWords
{
    private const int ReportLengthMax = 8192;
    private const double Zigbee = 254;
    private const double EspHome = 255;

    /// <summary>Topic and payload.</summary>
    public static (string Topic, string Payload) Send(RemoteTopic to, DeviceKind kind, DeviceAction action) => to.Dialect switch
    {
        RemoteDialect.Zigbee2Mqtt => ($"{to.Topic}/set", Json(action, Zigbee)),
        RemoteDialect.Tasmota when action is DeviceAction.SetLevel level => ($"cmnd/{to.Topic}/Dimmer", Text(level.Percent)),
        RemoteDialect.Tasmota => ($"cmnd/{to.Topic}/POWER", Word(action)),
        _ when kind is DeviceKind.Light or DeviceKind.Dimmer => ($"{to.Topic}/command", Json(action, EspHome)),
        _ => ($"{to.Topic}/command", action is DeviceAction.MoveTo to_ ? Text(to_.Percent) : Word(action)),
    };

    /// <returns>Null where the report says nothing about the device's state.</returns>
    public static DeviceState? Read(RemoteTopic from, DeviceKind kind, string report)
    {
        if (report.Length > ReportLengthMax)
        {
            return null;
        }

        if (report.TrimStart() is not ['{', ..])
        {
            return Of(kind, report.Trim(), null);
        }

        try
        {
            using var document = JsonDocument.Parse(report);
            var root = document.RootElement;
            var (stateKey, levelKey, full) = from.Dialect == RemoteDialect.Tasmota ? ("POWER", "Dimmer", 100.0) : ("state", "brightness", from.Dialect == RemoteDialect.Zigbee2Mqtt ? Zigbee : EspHome);
            double? level = kind == DeviceKind.Dimmer ? Number(root, levelKey) / full * 100 : kind == DeviceKind.Cover ? Number(root, "position") : null;
            return Of(kind, Name(root, stateKey), level);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DeviceState? Of(DeviceKind kind, string? word, double? level) => (kind, word?.ToUpperInvariant()) switch
    {
        (DeviceKind.Lock, "LOCK" or "LOCKED") => new DeviceState("locked"),
        (DeviceKind.Lock, "UNLOCK" or "UNLOCKED") => new DeviceState("unlocked"),
        (DeviceKind.Cover, "OPEN" or "OPENED") => new DeviceState("open", level is null ? null : Math.Round(level.Value)),
        (DeviceKind.Cover, "CLOSE" or "CLOSED") => new DeviceState("closed", level is null ? null : Math.Round(level.Value)),
        (DeviceKind.Lock or DeviceKind.Cover, _) => null,
        (DeviceKind.Dimmer, "ON") when level is { } percent => DeviceState.Level((int)Math.Round(percent)),
        (DeviceKind.Dimmer, "OFF") => DeviceState.Level(0),
        (_, "ON") => DeviceState.Switched(true),
        (_, "OFF") => DeviceState.Switched(false),
        _ => null,
    };

    private static string Word(DeviceAction action) => action switch
    {
        DeviceAction.SwitchTo to => to.On ? "ON" : "OFF",
        DeviceAction.OpenOrClose to => to.Open ? "OPEN" : "CLOSE",
        DeviceAction.LockOrUnlock to => to.Lock ? "LOCK" : "UNLOCK",
        _ => throw new InvalidOperationException($"{action.GetType().Name} has no word; the gate should have refused it."),
    };

    private static string Json(DeviceAction action, double full) => action switch
    {
        DeviceAction.SetLevel { Percent: 0 } => """{"state":"OFF"}""",
        DeviceAction.SetLevel to => $$"""{"state":"ON","brightness":{{Text(Math.Round(to.Percent * full / 100))}}}""",
        DeviceAction.MoveTo to => $$"""{"position":{{Text(to.Percent)}}}""",
        _ => $$"""{"state":"{{Word(action)}}"}""",
    };

    private static string Text(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    private static string? Name(JsonElement root, string key) => root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement root, string key) => root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
