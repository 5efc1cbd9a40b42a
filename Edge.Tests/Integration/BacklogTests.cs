using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Commands that were sent while Edge was away: the broker kept them, and their age decides.</summary>
public class BacklogTests
{
    private readonly ScriptedRunner _runner = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waited_while_Edge_was_not_running_is_refused_since_nobody_knows_how_long()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        var options = new MqttOptions(Embedded: false, Port: mosquitto.Port);

        // Not stopped but gone: the broker keeps its session.
        await using (await TestEdge.StartAsync(_runner, Token, options))
        {
        }

        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync("edge/home/command", """{"text":"open the gate","id":"1"}""", Token);
        await client.PublishAsync("edge/home/devices/lamp/set", """{"state":"on","id":"2"}""", Token);
        await using var again = await TestEdge.StartAsync(_runner, Token, options, house: "devices: [{name: lamp, kind: light, line: 17}]");
        var replies = new[] { (await client.NextAsync(Token)).ConvertPayloadToString(), (await client.NextAsync(Token)).ConvertPayloadToString() };
        Assert.All(replies, r => Assert.Contains("may have waited in the broker longer than 60 s", r, StringComparison.Ordinal));
        Assert.Equal("off", again.House.Registry.Find("lamp")!.State.Word);

        await client.PublishAsync("edge/home/command", """{"text":"next","id":"3"}""", Token);
        Assert.StartsWith("""{"id":"3","status":"ok""", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        Assert.Equal(["3"], _runner.Started);
    }

    [Theory]
    [InlineData(1, "ok")]
    [InlineData(61, "refused")]
    public async Task What_waited_while_the_connection_was_lost_runs_if_it_is_young_enough(int seconds, string status)
    {
        string folder = TemporaryFolder.Create();
        string settings = $"allow_anonymous true\nuser {Environment.UserName}\npersistence true\npersistence_location {folder}/\n";
        var clock = new FakeTimeProvider();
        int port;
        await using var first = await Mosquitto.StartAsync(Token, settings: settings);
        port = first.Port;
        await using var edge = await TestEdge.StartAsync(_runner, Token, new MqttOptions(Embedded: false, Port: port), clock: clock);
        var lost = edge.LostAsync();
        await first.StopAsync(Token);
        await lost.WaitAsync(Token);

        await using var second = await Mosquitto.StartAsync(Token, port, settings);
        await using var client = await TestClient.ConnectAsync(port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync("edge/home/command", """{"text":"on","id":"1"}""", Token);
        clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.StartsWith($"{{\"id\":\"1\",\"status\":\"{status}\"", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_whose_expiry_is_over_when_its_turn_comes_is_refused()
    {
        using var open = new ManualResetEventSlim();
        var clock = new FakeTimeProvider();
        var runner = new ScriptedRunner((c, _) =>
        {
            open.Wait(CancellationToken.None);
            return ScriptedRunner.Said(c, "Done.");
        });
        await using var edge = await TestEdge.StartAsync(runner, Token, clock: clock);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync("edge/home/command", """{"text":"take long","id":"1"}""", Token);
        await runner.BegunAsync(Token);
        await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("edge/home/command").WithPayload("""{"text":"on","id":"2"}""").WithMessageExpiryInterval(5).Build(), Token);
        await client.PublishAsync("edge/home/command", "", Token);
        await client.NextAsync(Token);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Contains("The command expired", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        open.Set();
        Assert.StartsWith("""{"id":"1","status":"ok""", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        Assert.Equal(["1"], runner.Started);
    }
}
