using Edge.Functions;
using Edge.Functions.Calls;
using Edge.Runtime.Commands;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Coming, going, and a broker that goes and comes.</summary>
public class AvailabilityTests
{
    private const string Lamp = "devices: [{name: lamp, kind: light, line: 17}]";

    private static readonly FunctionCall TurnOn = new("turn_on", TestHouse.Json("""{"device":"lamp"}"""));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Online_is_retained_from_the_start_and_offline_is_said_last()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, broker.Elsewhere);
        await using var client = await TestClient.ConnectAsync(broker.Port, Token);
        await client.SubscribeAsync("edge/home/availability", Token);
        var birth = await client.NextAsync(Token);
        Assert.Equal(("online", true), (birth.ConvertPayloadToString(), birth.Retain));

        await edge.StopAsync(Token);
        Assert.Equal("offline", (await client.NextAsync(Token)).ConvertPayloadToString());
        await using var late = await TestClient.ConnectAsync(broker.Port, Token);
        await late.SubscribeAsync("edge/home/availability", Token);
        Assert.Equal("offline", (await late.NextAsync(Token)).ConvertPayloadToString());
    }

    [Fact]
    public async Task On_stop_every_command_is_answered_then_lines_are_safe_then_offline_is_said()
    {
        House house = null!;
        var runner = new ScriptedRunner((_, cancelled) =>
        {
            house.Dispatcher.Invoke(TurnOn, CancellationToken.None);
            cancelled.WaitHandle.WaitOne();
            throw new OperationCanceledException(cancelled);
        });
        await using var broker = await TestBroker.StartAsync();
        await using var edge = await TestEdge.StartAsync(runner, Token, broker.Elsewhere, house: Lamp);
        house = edge.House;
        var isOn = new TaskCompletionSource();
        house.StateChanged += (_, state) => isOn.TrySetResult();
        await using var client = await TestClient.ConnectAsync(broker.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync("edge/home/command", "one", Token);
        await client.PublishAsync("edge/home/command", "two", Token);
        await runner.BegunAsync(Token);

        // Acknowledged by the broker is not yet received by Edge: only this third one's refusal shows that both are in.
        await client.PublishAsync("edge/home/command", "", Token);
        Assert.Contains("The command is empty", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);

        await client.SubscribeAsync("edge/home/availability", Token);
        Assert.Equal("online", (await client.NextAsync(Token)).ConvertPayloadToString());
        await isOn.Task.WaitAsync(Token);
        Assert.Equal("on", house.Registry.Find("lamp")!.State.Word);
        await edge.StopAsync(Token);
        Assert.Equal("off", house.Registry.Find("lamp")!.State.Word);
        Assert.Contains(CommandWorker.Stopping, (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        Assert.Contains(CommandWorker.Stopping, (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        Assert.Equal("offline", (await client.NextAsync(Token)).ConvertPayloadToString());
    }

    [Fact]
    public async Task A_retained_command_from_before_the_start_is_refused_and_does_not_run()
    {
        var runner = new ScriptedRunner();
        await using var broker = await TestBroker.StartAsync();
        await using var client = await TestClient.ConnectAsync(broker.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("edge/home/command").WithPayload("open the door").WithRetainFlag().Build(), Token);

        await using var edge = await TestEdge.StartAsync(runner, Token, broker.Elsewhere);
        Assert.Contains("Retained commands are refused", (await client.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
        Assert.Empty(runner.Started);
    }

    [Fact]
    public async Task A_reply_that_found_no_broker_is_sent_when_it_is_back()
    {
        using var open = new ManualResetEventSlim();
        var runner = new ScriptedRunner((c, _) =>
        {
            open.Wait(CancellationToken.None);
            return ScriptedRunner.Said(c, "Done.");
        });
        var clock = new FakeTimeProvider();
        var broker = await TestBroker.StartAsync();
        await using var edge = await TestEdge.StartAsync(runner, Token, broker.Elsewhere, clock: clock);
        await using (var client = await TestClient.ConnectAsync(broker.Port, Token))
        {
            await client.PublishAsync("edge/home/command", "do it", Token);
            await runner.BegunAsync(Token);
        }

        await broker.DisposeAsync();
        open.Set();
        await using var back = await TestBroker.StartAsync(broker.Port);
        await using var later = await TestClient.ConnectAsync(back.Port, Token);
        await later.SubscribeAsync("edge/home/#", Token);

        // Edge waits by this clock before it tries again.
        var first = later.NextAsync(Token);
        while (!first.IsCompleted)
        {
            clock.Advance(Backoff.Longest);
            await Task.WhenAny(first, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token));
        }

        Assert.Equal("online", (await first).ConvertPayloadToString());
        Assert.Contains("Done.", (await later.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_with_the_way_out()
    {
        await using var broker = await TestBroker.StartAsync();
        var fault = await Assert.ThrowsAsync<BrokerException>(() => TestEdge.StartAsync(new ScriptedRunner(), Token, new MqttOptions(Port: broker.Port)));
        Assert.Equal(
            $"Port {broker.Port} on 127.0.0.1 is in use, perhaps by another broker; set mqtt.embedded: false to use that one, or mqtt.port to a free port.", fault.Message);
    }
}
