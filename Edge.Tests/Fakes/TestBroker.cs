using Edge.Runtime.Mqtt;

namespace Edge.Tests.Fakes;

/// <summary>A broker in this process that outlives the Edge under test.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly EmbeddedBroker _broker;

    private TestBroker(int port)
    {
        Port = port;
        _broker = new EmbeddedBroker(new MqttOptions(Port: port));
    }

    public int Port { get; }

    /// <summary>What an Edge needs to use this broker.</summary>
    public MqttOptions Elsewhere => new(Embedded: false, Port: Port);

    public static async Task<TestBroker> StartAsync(int? port = null)
    {
        var broker = new TestBroker(port ?? FreePort.Find());
        await broker._broker.StartAsync();
        return broker;
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();
}
