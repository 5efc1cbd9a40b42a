namespace Edge.Runtime.Mqtt;

/// <summary>The section <c>mqtt</c> of edge.yaml.</summary>
/// <param name="Id">Names this Edge in its topics and to the broker.</param>
/// <param name="Embedded">Whether Edge serves the broker itself.</param>
/// <param name="Host">The broker's host name or address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="PayloadBytesMax">A larger command is refused.</param>
public sealed record MqttOptions(
    string Id = Topics.IdDefault,
    bool Embedded = true,
    string Host = "127.0.0.1",
    int Port = 1883,
    int PayloadBytesMax = CommandReader.PayloadBytesMaxDefault)
{
    /// <summary>Topic filters that replies may go to; empty for every topic that is nobody's own.</summary>
    public IReadOnlyList<string> ResponseTopics { get; init; } = [];

    /// <summary>How often the status is published.</summary>
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>No broker to serve or to reach; the message is one line for the user.</summary>
public sealed class BrokerException(string message, Exception? inner = null) : Exception(message, inner);
