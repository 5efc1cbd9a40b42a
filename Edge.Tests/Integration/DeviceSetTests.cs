using System.Text.Json;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using MQTTnet;
using MQTTnet.Protocol;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>A hub's switches.</summary>
public class DeviceSetTests
{
    private const string House = """
        devices:
          - {name: desk lamp, kind: light, line: 17}
          - {name: fan, kind: fan, pwm: 0, min: 20}
          - {name: secret, kind: light, line: 18, expose: false}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_switch_moves_the_line_and_its_state_says_so()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: House);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/devices/desk_lamp/state", Token);
        Assert.Equal("""{"state":"off"}""", (await client.NextAsync(Token)).ConvertPayloadToString());
        await client.PublishAsync("edge/home/devices/desk_lamp/set", "ON", Token);
        Assert.Equal("""{"state":"on"}""", (await client.NextAsync(Token)).ConvertPayloadToString());
    }

    [Fact]
    public async Task It_does_not_wait_behind_the_model()
    {
        using var open = new ManualResetEventSlim();
        var runner = new ScriptedRunner((c, _) =>
        {
            open.Wait(CancellationToken.None);
            return ScriptedRunner.Said(c, "Done.");
        });
        await using var edge = await TestEdge.StartAsync(runner, Token, house: House);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.PublishAsync("edge/home/command", "take long", Token);
        await runner.BegunAsync(Token);
        var reply = await SetAsync(client, "desk_lamp", "on");
        Assert.Equal("ok", reply.GetProperty("status").GetString());
        open.Set();
    }

    [Theory]
    [InlineData("fan", "10", "failed", "denied")]
    [InlineData("secret", "on", "failed", "denied")]
    [InlineData("desk_lamp", "purple", "refused", "denied")]
    [InlineData("nowhere", "on", "refused", "denied")]
    public async Task What_the_gate_refuses_does_not_move_and_is_an_event(string device, string payload, string status, string type)
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: House);
        await using var hub = await TestClient.ConnectAsync(edge.Port, Token);
        await hub.SubscribeAsync("edge/home/event", Token);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        var reply = await SetAsync(client, device, payload);
        Assert.Equal(status, reply.GetProperty("status").GetString());
        using var told = JsonDocument.Parse((await hub.NextAsync(Token)).ConvertPayloadToString());
        Assert.Equal(type, told.RootElement.GetProperty("event_type").GetString());
        Assert.Equal(reply.GetProperty("sentence").GetString(), told.RootElement.GetProperty("sentence").GetString());
        Assert.All(edge.House.Registry.Devices, d => Assert.Equal("off", d.State.Word));
    }

    [Fact]
    public async Task A_retained_setting_is_refused()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: House);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/event", Token);
        await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("edge/home/devices/desk_lamp/set").WithPayload("on").WithRetainFlag().Build(), Token);
        Assert.Contains("Retained commands are refused", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        Assert.Equal("off", edge.House.Registry.Find("desk lamp")!.State.Word);
    }

    [Fact]
    public async Task A_setting_under_a_used_id_is_done_once()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: House);
        var changes = new List<string>();
        edge.House.StateChanged += (_, state) => changes.Add(state.Word);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync("edge/home/devices/desk_lamp/set", """{"state":"on","id":"1"}""", Token);
        await client.PublishAsync("edge/home/devices/desk_lamp/set", """{"state":"off","id":"2"}""", Token);
        await client.PublishAsync("edge/home/devices/desk_lamp/set", """{"state":"on","id":"1"}""", Token);
        await client.PublishAsync("edge/home/devices/fan/set", """{"value":50,"id":"3"}""", Token);
        for (int i = 1; i <= 3; i++)
        {
            Assert.StartsWith($"{{\"id\":\"{i}\",\"status\":\"ok\"", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        }

        Assert.Equal(["on", "off", "on"], changes);
        Assert.Equal("off", edge.House.Registry.Find("desk lamp")!.State.Word);
    }

    private static async Task<JsonElement> SetAsync(TestClient client, string device, string payload)
    {
        await client.SubscribeAsync("my/reply", Token);
        await client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic($"edge/home/devices/{device}/set").WithPayload(payload).WithResponseTopic("my/reply").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            Token);
        return TestHouse.Json((await client.NextAsync(Token)).ConvertPayloadToString());
    }
}
