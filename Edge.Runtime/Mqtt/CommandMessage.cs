using System.Buffers;
using MQTTnet;

namespace Edge.Runtime.Mqtt;

/// <summary>A message as it came from the broker: bytes, not trusted.</summary>
/// <param name="Payload">As sent.</param>
/// <param name="Retain">The retain flag, as published (MQTT 5 §3.8.3.1) or as replayed at subscription.</param>
/// <param name="ResponseTopic">MQTT 5 §3.3.2.3.5; null when there is none.</param>
/// <param name="CorrelationData">MQTT 5 §3.3.2.3.6; comes back with the reply, untouched.</param>
/// <param name="ContentType">MQTT 5 §3.3.2.3.9; null when there is none.</param>
public sealed record CommandMessage(
    ReadOnlyMemory<byte> Payload,
    bool Retain = false,
    string? ResponseTopic = null,
    byte[]? CorrelationData = null,
    string? ContentType = null)
{
    public string Topic { get; init; } = "";

    /// <summary>The broker sends it again, since it never heard that it had arrived (MQTT 5 §3.3.1.1). It may have been done.</summary>
    public bool Duplicate { get; init; }

    /// <summary>Seconds of its message expiry that are left (MQTT 5 §3.3.2.3.3); null when it has none.</summary>
    public uint? ExpiryS { get; init; }

    /// <summary>The sender's name for himself: the user property <c>client</c>. The broker does not vouch for it. Null for none.</summary>
    public string? Client { get; init; }

    /// <summary>Names a command among brains that share them: the user property <c>work</c>. Null for none.</summary>
    public string? Work { get; init; }

    /// <summary>Who asked, as far as a message tells.</summary>
    public string Origin => Client is { } client ? $"mqtt:{client}" : "mqtt";

    /// <summary>It may have waited in the broker longer than <c>commands.ageMax</c>.</summary>
    public bool MayBeOld { get; init; }

    /// <summary>A message as MQTTnet has it.</summary>
    internal static CommandMessage Of(MqttApplicationMessage message, bool mayBeOld) => new(
        message.Payload.ToArray(),
        message.Retain,
        string.IsNullOrEmpty(message.ResponseTopic) ? null : message.ResponseTopic,
        message.CorrelationData,
        message.ContentType)
    {
        Topic = message.Topic,
        Duplicate = message.Dup,
        ExpiryS = message.MessageExpiryInterval == 0 ? null : message.MessageExpiryInterval,
        Client = ClientName.Of(message),
        Work = ClientName.Of(message, ClientName.Work),
        MayBeOld = mayBeOld,
    };
}

/// <summary>What a message turned out to be.</summary>
/// <param name="Id">The sender's id of the command, as far as it could be read; null for none.</param>
public abstract record CommandReading(string? Id)
{
    public sealed record Accepted(string? Id, string Text, string? Session) : CommandReading(Id);

    /// <param name="Id">As above.</param>
    /// <param name="Sentence">The value, the limit, the way out.</param>
    public sealed record Refused(string? Id, string Sentence) : CommandReading(Id);
}
