using System.Net.Sockets;
using System.Text;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>
/// A sender that never hears that its message arrived sends it again with DUP (MQTT 3.1.1 §3.3.1.1), byte by byte: no library does so on demand. And a broker that
/// never hears so from Edge: the packet of Edge's acknowledgement is held back by <see cref="HoldingProxy"/>.
/// </summary>
public sealed class RedeliveryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"text":"do it","id":"7"}""", 1)]
    [InlineData("do it", 2)]
    public async Task What_a_sender_sends_again_with_DUP_is_done_once_if_it_has_an_id(string payload, int times)
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        var runner = new ScriptedRunner();
        await using var edge = await TestEdge.StartAsync(runner, Token, new MqttOptions(Embedded: false, Port: mosquitto.Port));
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            // The broker takes the second for a message of its own and does not pass DUP on: it tells of its own delivery only.
            using var raw = new RawClient(mosquitto.Port, "raw");
            await raw.ConnectAsync(Token);
            await raw.PublishAsync("edge/home/command", payload, packetId: 1, duplicate: attempt > 0, Token);
        }

        await client.PublishAsync("edge/home/command", """{"text":"last","id":"last"}""", Token);
        string reply;
        do
        {
            reply = (await client.NextAsync(Token)).ConvertPayloadToString();
        }
        while (!reply.Contains("\"id\":\"last\"", StringComparison.Ordinal));

        Assert.Equal(times + 1, runner.Started.Count);
    }

    [Theory]
    [InlineData("""{"text":"do it","id":"7"}""", "ok")]
    [InlineData("do it", "refused")]
    public async Task What_the_broker_delivers_again_with_DUP_is_not_done_again(string payload, string last)
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var proxy = new HoldingProxy(mosquitto.Port);
        var runner = new ScriptedRunner();
        await using var edge = await TestEdge.StartAsync(runner, Token, new MqttOptions(Embedded: false, Port: proxy.Port));
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);

        // Edge's acknowledgement does not get through, and then its connection breaks.
        proxy.Hold();
        await client.PublishAsync("edge/home/command", payload, Token);
        await runner.BegunAsync(Token);
        proxy.Break();
        string reply = (await client.NextAsync(Token)).ConvertPayloadToString();
        string second = (await client.NextAsync(Token)).ConvertPayloadToString();
        Assert.Contains(last == "ok" ? "\"status\":\"ok\"" : "it may have been done already", reply + second, StringComparison.Ordinal);
        Assert.Single(runner.Started);
    }

    // A broker that was restarted hands a reply to nobody while its asker is not back yet, and Edge cannot know.
    [Fact]
    public async Task Right_after_a_reconnection_a_reply_is_said_again_to_who_asks_again_and_else_not()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var proxy = new HoldingProxy(mosquitto.Port);
        var runner = new ScriptedRunner();
        await using var edge = await TestEdge.StartAsync(runner, Token, new MqttOptions(Embedded: false, Port: proxy.Port));
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await AskAsync("1");
        Assert.Contains("\"id\":\"1\"", await HearAsync(), StringComparison.Ordinal);
        await AskAsync("1");
        await AskAsync("2");
        Assert.Contains("\"id\":\"2\"", await HearAsync(), StringComparison.Ordinal);

        proxy.Break();
        await AskAsync("3");
        await HearOfThreeAsync();
        await AskAsync("3");
        await HearOfThreeAsync();
        Assert.Equal(3, runner.Started.Count);

        Task AskAsync(string id) => client.PublishAsync("edge/home/command", $$"""{"text":"do it","id":"{{id}}"}""", Token);

        async Task<string> HearAsync() => (await client.NextAsync(Token)).ConvertPayloadToString();

        async Task HearOfThreeAsync()
        {
            while (!(await HearAsync()).Contains("\"id\":\"3\"", StringComparison.Ordinal))
            {
            }
        }
    }

    /// <summary>MQTT 3.1.1 by hand: CONNECT and PUBLISH, and no answer is waited for.</summary>
    private sealed class RawClient(int port, string id) : IDisposable
    {
        private readonly TcpClient _tcp = new();

        public async Task ConnectAsync(CancellationToken cancellationToken)
        {
            await _tcp.ConnectAsync("127.0.0.1", port, cancellationToken);
            byte[] body = [0, 4, .. "MQTT"u8, 4, 0, 0, 60, .. Text(id)];
            await SendAsync(0x10, body, cancellationToken);
            byte[] answer = new byte[4];
            await _tcp.GetStream().ReadExactlyAsync(answer, cancellationToken);
        }

        public async Task PublishAsync(string topic, string payload, ushort packetId, bool duplicate, CancellationToken cancellationToken)
        {
            byte[] body = [.. Text(topic), (byte)(packetId >> 8), (byte)packetId, .. Encoding.UTF8.GetBytes(payload)];
            await SendAsync((byte)(0x32 | (duplicate ? 8 : 0)), body, cancellationToken);
            byte[] acknowledgement = new byte[4];
            await _tcp.GetStream().ReadExactlyAsync(acknowledgement, cancellationToken);
        }

        public void Dispose() => _tcp.Dispose();

        private static byte[] Text(string text) => [0, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

        private async Task SendAsync(byte type, byte[] body, CancellationToken cancellationToken) =>
            await _tcp.GetStream().WriteAsync((byte[])[type, (byte)body.Length, .. body], cancellationToken);
    }
}
