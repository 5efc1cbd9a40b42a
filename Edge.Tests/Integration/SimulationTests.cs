using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Simulated parts, set over MQTT.</summary>
public class SimulationTests
{
    private const string House = """
        devices:
          - {name: hall temperature, kind: sensor, quantity: temperature, simulated: 20}
          - {name: real, kind: sensor, quantity: temperature, file: nowhere}
          - {name: bell, kind: button, line: 5}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hall_temperature", "23.5", """{"state":"23.5","value":23.5}""")]
    [InlineData("bell", "pressed", """{"state":"pressed"}""")]
    public async Task A_simulated_part_is_set_by_a_message_and_its_state_says_so(string device, string payload, string state)
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: House);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync($"edge/home/devices/{device}/state", Token);
        await client.PublishAsync($"edge/home/simulation/{device}/set", payload, Token);
        string last;
        do
        {
            last = (await client.NextAsync(Token)).ConvertPayloadToString();
        }
        while (last != state);
    }

    [Theory]
    [InlineData("real", "21", "real is not simulated here; only simulated sensors and inputs can be set.")]
    [InlineData("hall_temperature", "hot", "hall temperature cannot be set to \"hot\"; send a number, or none for a sensor that does not answer.")]
    [InlineData("nowhere", "1", "There is no device on edge/home/simulation/nowhere/set.")]
    public async Task What_is_not_simulated_is_refused_with_an_event(string device, string payload, string sentence)
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: House);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/event", Token);
        await client.PublishAsync($"edge/home/simulation/{device}/set", payload, Token);
        var said = TestHouse.Json((await client.NextAsync(Token)).ConvertPayloadToString());
        Assert.Equal(("denied", sentence), (said.GetProperty("event_type").GetString(), said.GetProperty("sentence").GetString()));
    }
}
