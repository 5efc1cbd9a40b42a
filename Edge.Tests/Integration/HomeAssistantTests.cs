using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Edge as Home Assistant sees it, over a broker.</summary>
public class HomeAssistantTests
{
    private const string Config = "homeassistant/device/edge_home/config";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_config_is_retained_and_said_again_when_Home_Assistant_starts()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: "devices: [{name: lamp, kind: light, line: 17}]");
        await using var hub = await TestClient.ConnectAsync(edge.Port, Token);
        await hub.SubscribeAsync(Config, Token);
        var config = await hub.NextAsync(Token);
        await using var late = await TestClient.ConnectAsync(edge.Port, Token);
        await late.SubscribeAsync(Config, Token);
        Assert.True((await late.NextAsync(Token)).Retain);
        await hub.PublishAsync("homeassistant/status", "online", Token);
        Assert.Equal(config.ConvertPayloadToString(), (await hub.NextAsync(Token)).ConvertPayloadToString());
    }

    [Fact]
    public async Task Its_switch_moves_the_line_by_the_topics_that_the_config_names()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: "devices: [{name: lamp, kind: light, line: 17}]");
        await using var hub = await TestClient.ConnectAsync(edge.Port, Token);
        await hub.SubscribeAsync(Config, Token);
        var lamp = TestHouse.Json((await hub.NextAsync(Token)).ConvertPayloadToString()).GetProperty("components").GetProperty("lamp");
        await hub.SubscribeAsync(lamp.GetProperty("state_topic").GetString()!, Token);
        Assert.Equal("""{"state":"off"}""", (await hub.NextAsync(Token)).ConvertPayloadToString());
        await hub.PublishAsync(lamp.GetProperty("command_topic").GetString()!, lamp.GetProperty("payload_on").GetString()!, Token);
        Assert.Equal("""{"state":"on"}""", (await hub.NextAsync(Token)).ConvertPayloadToString());
    }

    [Fact]
    public async Task A_device_that_has_gone_since_the_last_start_is_removed()
    {
        await using var broker = await TestBroker.StartAsync();
        await using (var first = await TestEdge.StartAsync(new ScriptedRunner(), Token, broker.Elsewhere, house: "devices: [{name: lamp, kind: light, line: 17}, {name: fan, kind: fan, line: 18}]"))
        {
            await using var early = await TestClient.ConnectAsync(broker.Port, Token);
            await early.SubscribeAsync(Config, Token);
            await early.NextAsync(Token);
            await first.StopAsync(Token);
        }

        await using var hub = await TestClient.ConnectAsync(broker.Port, Token);
        await hub.SubscribeAsync(Config, Token);
        await hub.NextAsync(Token);
        await using var second = await TestEdge.StartAsync(new ScriptedRunner(), Token, broker.Elsewhere, house: "devices: [{name: lamp, kind: light, line: 17}]");
        string removal = await NextWithAsync(hub, "\"fan\":{\"platform\":\"fan\"}");
        Assert.Contains("\"lamp\"", removal, StringComparison.Ordinal);
        var last = TestHouse.Json((await hub.NextAsync(Token)).ConvertPayloadToString()).GetProperty("components");
        Assert.False(last.TryGetProperty("fan", out _));
    }

    [Fact]
    public async Task Switched_off_it_clears_what_it_had_left()
    {
        await using var broker = await TestBroker.StartAsync();
        await using (var first = await TestEdge.StartAsync(new ScriptedRunner(), Token, broker.Elsewhere))
        {
            await using var early = await TestClient.ConnectAsync(broker.Port, Token);
            await early.SubscribeAsync(Config, Token);
            await early.NextAsync(Token);
            await first.StopAsync(Token);
        }

        await using var hub = await TestClient.ConnectAsync(broker.Port, Token);
        await hub.SubscribeAsync(Config, Token);
        await hub.NextAsync(Token);
        await using var second = await TestEdge.StartAsync(new ScriptedRunner(), Token, broker.Elsewhere, discovery: false);
        Assert.Equal("", (await hub.NextAsync(Token)).ConvertPayloadToString() ?? "");
    }

    [Fact]
    public async Task A_lock_asks_and_only_who_was_asked_can_answer()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: "devices: [{name: front door, kind: lock, line: 17, confirm: always}]", answers: true);
        await using var hub = await TestClient.ConnectAsync(edge.Port, Token);
        await hub.SubscribeAsync("edge/home/event", Token);
        await hub.PublishAsync("edge/home/devices/front_door/set", "unlock", Token);
        var asked = TestHouse.Json((await hub.NextAsync(Token)).ConvertPayloadToString());
        Assert.Equal("confirmation", asked.GetProperty("event_type").GetString());
        Assert.Equal("locked", edge.House.Registry.Find("front door")!.State.Word);

        await hub.SubscribeAsync("edge/home/reply", Token);
        await hub.PublishAsync("edge/home/command", """{"text":"yes","session":"somebody else"}""", Token);
        Assert.Contains("Nothing waits for your yes", (await hub.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        Assert.Equal("locked", edge.House.Registry.Find("front door")!.State.Word);
        await hub.PublishAsync("edge/home/command", "yes", Token);
        Assert.Contains("\"status\":\"ok\"", (await hub.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        Assert.Equal("unlocked", edge.House.Registry.Find("front door")!.State.Word);
    }

    [Fact]
    public async Task A_lock_with_a_PIN_opens_with_the_code_that_Home_Assistant_sends_along()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: "devices: [{name: safe, kind: lock, line: 17, confirm: pin}]\nsafety: {pin: \"2468\"}");
        await using var hub = await TestClient.ConnectAsync(edge.Port, Token);
        await hub.SubscribeAsync("edge/home/event", Token);
        await hub.PublishAsync("edge/home/devices/safe/set", """{"state":"unlock","token":"1111"}""", Token);
        Assert.Contains("\"event_type\":\"denied\"", (await hub.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        await hub.SubscribeAsync("edge/home/devices/safe/state", Token);
        Assert.Equal("""{"state":"locked"}""", (await hub.NextAsync(Token)).ConvertPayloadToString());
        await hub.PublishAsync("edge/home/devices/safe/set", """{"state":"unlock","token":"2468"}""", Token);
        Assert.Equal("""{"state":"unlocked"}""", (await hub.NextAsync(Token)).ConvertPayloadToString());
    }

    private static async Task<string> NextWithAsync(TestClient client, string part)
    {
        while (true)
        {
            string payload = (await client.NextAsync(Token)).ConvertPayloadToString();
            if (payload.Contains(part, StringComparison.Ordinal))
            {
                return payload;
            }
        }
    }
}
