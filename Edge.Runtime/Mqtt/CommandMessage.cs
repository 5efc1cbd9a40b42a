namespace Edge.Runtime.Mqtt;

/// <summary>A command as it came from the broker: bytes, not trusted.</summary>
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
    string? ContentType = null);

/// <summary>What a message turned out to be.</summary>
/// <param name="Id">The sender's id of the command, as far as it could be read; null for none.</param>
public abstract record CommandReading(string? Id)
{
    public sealed record Accepted(string? Id, string Text, string? Session) : CommandReading(Id);

    /// <param name="Id">As above.</param>
    /// <param name="Sentence">The value, the limit, the way out.</param>
    public sealed record Refused(string? Id, string Sentence) : CommandReading(Id);
}
