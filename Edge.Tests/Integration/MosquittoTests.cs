using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>The same through a broker and clients by others.</summary>
public class MosquittoTests
{
    private readonly ScriptedRunner _runner = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_of_mosquitto_rr_gets_its_reply()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var edge = await TestEdge.StartAsync(_runner, Token, Of(mosquitto));
        string reply = await mosquitto.RunClientAsync("mosquitto_rr", ["-V", "5", "-t", "edge/home/command", "-e", "my/reply", "-m", "turn on the light"], Token);
        Assert.Contains("\"sentence\":\"Heard: turn on the light\"", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_mosquitto_pub_is_answered_on_the_reply_topic()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var edge = await TestEdge.StartAsync(_runner, Token, Of(mosquitto));
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await mosquitto.RunClientAsync("mosquitto_pub", ["-t", "edge/home/command", "-m", """{"text":"turn on the light","id":"7"}"""], Token);
        Assert.Contains("\"id\":\"7\",\"status\":\"ok\"", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retained_command_is_refused_live_and_replayed()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await using (var edge = await TestEdge.StartAsync(_runner, Token, Of(mosquitto)))
        {
            await mosquitto.RunClientAsync("mosquitto_pub", ["-r", "-t", "edge/home/command", "-m", "open the door"], Token);
            Assert.Contains("Retained commands are refused", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
            await edge.StopAsync(Token);
        }

        await using var again = await TestEdge.StartAsync(_runner, Token, Of(mosquitto));
        Assert.Contains("Retained commands are refused", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        Assert.Empty(_runner.Started);
    }

    [Fact]
    public async Task Send_gets_its_reply_and_hears_when_nobody_takes_commands()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var edge = await TestEdge.StartAsync(_runner, Token, Of(mosquitto));
        string reply = await BrokerRequest.AskAsync(edge.Mqtt, "on", TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Contains("Heard: on", reply, StringComparison.Ordinal);
        var fault = await Assert.ThrowsAsync<BrokerException>(() =>
            BrokerRequest.AskAsync(edge.Mqtt with { Id = "other" }, "on", TimeSpan.FromSeconds(30), TimeProvider.System, Token));
        Assert.StartsWith("Nobody takes commands on edge/other/command", fault.Message, StringComparison.Ordinal);
    }

    private static MqttOptions Of(Mosquitto mosquitto) => new(Embedded: false, Port: mosquitto.Port);
}
