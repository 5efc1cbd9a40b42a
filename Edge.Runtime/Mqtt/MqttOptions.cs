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

    /// <summary>Where the embedded broker listens: <c>127.0.0.1</c>, or <c>0.0.0.0</c> for the whole network, which needs <see cref="User"/>.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>Null for <c>edge-&lt;id&gt;</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>Null to log in as nobody.</summary>
    public string? User { get; init; }

    /// <summary>A file with the password and nothing else; null for none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Null for a plain connection.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>How many commands one client may send in a minute.</summary>
    public int CommandsPerMinute { get; init; } = 600;

    /// <summary>How often the status is published.</summary>
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>The section <c>mqtt.tls</c>; PEM files.</summary>
/// <param name="CaFile">Who vouches for the broker; null for those the system trusts.</param>
/// <param name="CertificateFile">Edge's own, for mutual TLS; null for none.</param>
/// <param name="KeyFile">Its key.</param>
public sealed record TlsOptions(string? CaFile = null, string? CertificateFile = null, string? KeyFile = null)
{
    /// <summary>Where the embedded broker serves TLS; not used with another broker, whose port is <c>mqtt.port</c>.</summary>
    public int Port { get; init; } = 8883;
}

/// <summary>No broker to serve or to reach; the message is one line for the user.</summary>
public sealed class BrokerException(string message, Exception? inner = null) : Exception(message, inner);
