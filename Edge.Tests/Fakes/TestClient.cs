using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Edge.Tests.Fakes;

/// <summary>A client of the broker whose received messages can be awaited.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<MqttApplicationMessage> _received = Channel.CreateBounded<MqttApplicationMessage>(4096);

    private TestClient() => _client.ApplicationMessageReceivedAsync += m => _received.Writer.WriteAsync(m.ApplicationMessage).AsTask();

    public static async Task<TestClient> ConnectAsync(int port, CancellationToken cancellationToken, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var client = new TestClient();
        await client._client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(version).WithClientId($"test-{Guid.NewGuid():N}"[..20]).Build(),
            cancellationToken);
        return client;
    }

    public async Task<TestClient> SubscribeAsync(string filter, CancellationToken cancellationToken)
    {
        await _client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken);
        return this;
    }

    public Task PublishAsync(MqttApplicationMessage message, CancellationToken cancellationToken) => _client.PublishAsync(message, cancellationToken);

    public Task PublishAsync(string topic, string payload, CancellationToken cancellationToken) =>
        _client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            cancellationToken);

    /// <summary>The next message on any subscribed topic; a test that waits for one in vain ends.</summary>
    /// <exception cref="TimeoutException">None came within a minute.</exception>
    public Task<MqttApplicationMessage> NextAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken).WaitAsync(Patience, TimeProvider.System, cancellationToken);

    private async Task<MqttApplicationMessage> ReadAsync(CancellationToken cancellationToken) => await _received.Reader.ReadAsync(cancellationToken);

    public bool IsConnected => _client.IsConnected;

    /// <summary>What has arrived and was not taken.</summary>
    public bool HasMore => _received.Reader.Count > 0;

    public async ValueTask DisposeAsync()
    {
        await _client.TryDisconnectAsync();
        _client.Dispose();
    }
}
