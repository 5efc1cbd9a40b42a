using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Mqtt;

/// <summary>Log lines of this folder: event ids 200–299.</summary>
internal static partial class MqttLog
{
    [LoggerMessage(200, LogLevel.Information, "Connected to the broker at {Host}:{Port}; commands arrive on {Topic}.")]
    public static partial void Connected(ILogger log, string host, int port, string topic);

    [LoggerMessage(201, LogLevel.Warning, "The broker at {Host}:{Port} is gone; trying again.")]
    public static partial void Lost(ILogger log, string host, int port);

    [LoggerMessage(202, LogLevel.Warning, "The broker at {Host}:{Port} cannot be used: {Reason}. Start it, correct mqtt.host and mqtt.port, or set mqtt.embedded: true; trying again.")]
    public static partial void Unreachable(ILogger log, string host, int port, string reason);

    [LoggerMessage(203, LogLevel.Error, "The broker refused a message on {Topic} ({Reason}); allow it in the broker's access list.")]
    public static partial void PublicationRefused(ILogger log, string topic, string reason);

    [LoggerMessage(204, LogLevel.Warning, "Left before the broker heard everything: {Reason}")]
    public static partial void LeftUnheard(ILogger log, string reason);

    [LoggerMessage(205, LogLevel.Information, "Command {Id} refused: {Reason}")]
    public static partial void Refused(ILogger log, string id, string reason);

    [LoggerMessage(206, LogLevel.Information, "Command {Id} came again and was done or is under way already; it is not done twice.")]
    public static partial void Repeated(ILogger log, string id);

    [LoggerMessage(207, LogLevel.Information, "{Device} was not set by {Client}: {Reason}")]
    public static partial void NotSet(ILogger log, string device, string client, string reason);

    [LoggerMessage(208, LogLevel.Warning, "The broker refuses the subscription to {Topic} ({Reason}), which belongs to a hub; allow it in the broker's access list or switch that hub off.")]
    public static partial void SubscriptionRefused(ILogger log, string topic, string reason);
}
