using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using Edge.Tests.Mqtt.Homie;
using MQTTnet;
using MQTTnet.Protocol;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Edge as a Homie 5 device at a real mosquitto.</summary>
public sealed class HomieTests
{
    private const string House = """
        devices:
          - {name: lamp, kind: light, line: 17}
          - {name: pump, kind: dimmer, pwm: 0, max: 60}
          - {name: front door, kind: lock, line: 18}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_device_appears_in_the_conventions_order_is_set_through_the_gate_and_leaves_disconnected()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var controller = await TestClient.ConnectAsync(mosquitto.Port, Token);

        // What an earlier start left behind.
        await controller.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("homie/5/edge-home/gone/power").WithPayload("true").WithRetainFlag().Build(), Token);
        await controller.SubscribeAsync("homie/5/edge-home/#", Token);
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, new MqttOptions(Embedded: false, Port: mosquitto.Port), house: House, homie: true);
        var seen = new List<(string Topic, string Payload)>();
        while (!seen.Contains(("$state", "ready")))
        {
            seen.Add(await NextAsync(controller));
        }

        Assert.Equal(("gone/power", "true"), seen[0]);
        Assert.Equal(("$state", "init"), seen[1]);
        Assert.Equal("$description", seen[2].Topic);
        Assert.Empty(HomieSchema.FaultsOf(TestHouse.Json(seen[2].Payload)));
        Assert.Contains(("lamp/power", "false"), seen);
        Assert.Contains(("pump/level", "0"), seen);
        Assert.Contains(("front-door/locked", "true"), seen);

        await SetAsync(controller, "lamp/power", "true");
        Assert.Contains(("lamp/power", "true"), await UntilAsync(controller, "lamp/power"));
        await SetAsync(controller, "pump/level", "40");
        Assert.Contains(("pump/level", "40"), await UntilAsync(controller, "pump/level"));

        // The gate: out of range, a question, no boolean, retained; nothing of it moves.
        await SetAsync(controller, "pump/level", "90");
        await SetAsync(controller, "front-door/locked", "false");
        await SetAsync(controller, "lamp/power", "FALSE");
        await SetAsync(controller, "lamp/power", "false", retain: true);
        await SetAsync(controller, "pump/level", "30");
        Assert.Contains(("pump/level", "30"), await UntilAsync(controller, "pump/level", "30"));
        Assert.Equal("on", edge.House.Registry.Find("lamp")!.State.Word);
        Assert.Equal("locked", edge.House.Registry.Find("front door")!.State.Word);

        await edge.StopAsync(Token);
        Assert.Contains(("$state", "disconnected"), await UntilAsync(controller, "$state"));
    }

    [Fact]
    public async Task What_is_left_of_a_device_that_has_gone_is_cleared()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var controller = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await controller.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("homie/5/edge-home/gone/power").WithPayload("true").WithRetainFlag().Build(), Token);
        await controller.SubscribeAsync("homie/5/edge-home/gone/power", Token);
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, new MqttOptions(Embedded: false, Port: mosquitto.Port), house: House, homie: true);
        (string Topic, string Payload) last;
        do
        {
            last = await NextAsync(controller);
        }
        while (last.Payload.Length > 0);
    }

    private static Task SetAsync(TestClient client, string property, string payload, bool retain = false) => client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic($"homie/5/edge-home/{property}/set").WithPayload(payload).WithRetainFlag(retain).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), Token);

    private static async Task<List<(string Topic, string Payload)>> UntilAsync(TestClient client, string topic, string? payload = null)
    {
        var seen = new List<(string Topic, string Payload)>();
        while (!seen.Exists(s => s.Topic == topic && (payload is null || s.Payload == payload)))
        {
            seen.Add(await NextAsync(client));
        }

        return seen;
    }

    private static async Task<(string Topic, string Payload)> NextAsync(TestClient client)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var message = await client.NextAsync(patience.Token);
        return (message.Topic["homie/5/edge-home/".Length..], message.ConvertPayloadToString() ?? "");
    }
}
