using Edge.Functions.Calls;
using Edge.Functions.Handlers;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>What the house says about itself, and what the owner's functions send.</summary>
public class DeviceStateTests
{
    private const string House = """
        devices: [{name: desk lamp, kind: light, line: 17}]
        functions:
          - {name: play_radio, description: Play, action: {publish: radio/set, payload: jazz}}
          - {name: loop, description: Loop, action: {publish: edge/home/command, payload: loop}}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_says_how_it_stands_retained_at_the_start_and_at_every_change()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: House);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/devices/desk_lamp/state", Token);
        Assert.Equal("""{"state":"off"}""", (await client.NextAsync(Token)).ConvertPayloadToString());

        edge.House.Dispatcher.Invoke(new FunctionCall("turn_on", TestHouse.Json("""{"device":"desk lamp"}""")), Token);
        Assert.Equal("""{"state":"on"}""", (await client.NextAsync(Token)).ConvertPayloadToString());
        await using var late = await TestClient.ConnectAsync(edge.Port, Token);
        await late.SubscribeAsync("edge/home/devices/+/state", Token);
        var retained = await late.NextAsync(Token);
        Assert.Equal(("""{"state":"on"}""", true), (retained.ConvertPayloadToString(), retained.Retain));
    }

    [Fact]
    public async Task States_are_said_again_to_a_broker_that_may_have_forgotten_them()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var broker = await TestBroker.StartAsync();
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, broker.Elsewhere, clock: clock, house: House);
        await broker.DisposeAsync();
        await using var back = await TestBroker.StartAsync(broker.Port);
        await using var client = await TestClient.ConnectAsync(back.Port, Token);
        await client.SubscribeAsync("edge/home/devices/+/state", Token);
        var first = client.NextAsync(Token);
        while (!first.IsCompleted)
        {
            clock.Advance(Runtime.Mqtt.Backoff.Longest);
            await Task.WhenAny(first, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token));
        }

        Assert.Equal("""{"state":"off"}""", (await first).ConvertPayloadToString());
    }

    [Fact]
    public async Task A_function_of_the_owner_publishes_and_may_not_command_Edge()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: House);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("radio/set", Token);
        var done = await Task.Run(() => edge.House.Dispatcher.Invoke(new FunctionCall("play_radio", TestHouse.Json("{}")), Token), Token);
        Assert.IsType<FunctionResult.Done>(done);
        Assert.Equal("jazz", (await client.NextAsync(Token)).ConvertPayloadToString());

        var failed = await Task.Run(() => edge.House.Dispatcher.Invoke(new FunctionCall("loop", TestHouse.Json("{}")), Token), Token);
        Assert.Contains("one that Edge itself uses", Assert.IsType<FunctionResult.Failed>(failed).Sentence, StringComparison.Ordinal);
    }
}
