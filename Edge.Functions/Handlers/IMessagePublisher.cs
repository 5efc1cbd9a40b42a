namespace Edge.Functions.Handlers;

/// <summary>Sends MQTT messages for functions that publish. The hub implements it; tests record.</summary>
public interface IMessagePublisher
{
    /// <summary>Completes when the broker has taken the message.</summary>
    /// <exception cref="IOException">It could not be sent; the message is one sentence for the user.</exception>
    Task PublishAsync(string topic, string payload, bool retain, CancellationToken cancellationToken);
}
