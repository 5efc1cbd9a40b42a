using Edge.Functions.Handlers;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

public sealed class RemoteLinkTests
{
    [Fact]
    public async Task A_plug_behind_a_broker_is_switched_and_read_back()
    {
        var token = TestContext.Current.CancellationToken;
        await using var broker = await TestBroker.StartAsync();
        using var house = new TestHouse("devices: [{name: plug, kind: switch, mqtt: {topic: zigbee2mqtt/plug, within: 30s}}]");
        await using var link = new RemoteLink(house.House.Remote, new MqttOptions(Embedded: false, Port: broker.Port), TimeProvider.System, new Random(1));
        await using var plug = await TestClient.ConnectAsync(broker.Port, token);
        await plug.SubscribeAsync("zigbee2mqtt/plug/set", token);
        link.Start();

        // Known once a report has come: then the link is there.
        var known = new TaskCompletionSource();
        house.House.StateChanged += (_, _) => known.TrySetResult();
        while (!known.Task.IsCompleted)
        {
            // Again and again: a broker may lose what is published while somebody subscribes.
            await plug.PublishAsync("zigbee2mqtt/plug", """{"state":"OFF"}""", token);
            await Task.WhenAny(known.Task, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, token));
        }

        var call = Task.Run(() => house.Call("turn_on", """{"device":"plug"}"""), token);
        Assert.Equal("""{"state":"ON"}""", (await plug.NextAsync(token)).ConvertPayloadToString());
        await plug.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("zigbee2mqtt/plug").WithPayload("""{"state":"ON"}""").Build(), token);
        Assert.Equal("Plug is on.", Assert.IsType<FunctionResult.Done>(await call).Said);
    }
}
