using System.Collections.Concurrent;
using Edge.Functions;
using Edge.Runtime.Commands;
using Edge.Runtime.Hosting;
using Edge.Runtime.Mqtt;
using Edge.Runtime.Mqtt.Boards;
using Edge.Tests.Fakes;
using MQTTnet;
using MQTTnet.Protocol;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Two brains of one house, over a real mosquitto.</summary>
public sealed class SharedCommandsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_brains_share_the_commands_and_each_gets_one_reply()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        var (left, right) = (new ScriptedRunner(), new ScriptedRunner());
        await using var a = await BrainAsync(mosquitto, "left", left);
        await using var b = await BrainAsync(mosquitto, "right", right);
        await BothJoinedAsync(mosquitto, left, right);
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/house/reply", Token);
        const int count = 60;
        for (int i = 0; i < count; i++)
        {
            await client.PublishAsync("edge/house/command", $"{{\"text\":\"do it\",\"id\":\"c{i}\"}}", Token);
        }

        var replies = new List<string>();
        for (int i = 0; i < count; i++)
        {
            replies.Add(TestHouse.Json((await client.NextAsync(Token)).ConvertPayloadToString()).GetProperty("id").GetString()!);
        }

        Assert.Equal(count, replies.Distinct().Count());
        string[] done = [.. left.Started.Concat(right.Started).Where(id => id.StartsWith('c'))];
        Assert.Equal(count, done.Length);
        Assert.Equal(count, done.Distinct().Count());
        Assert.True(left.Started.Count(id => id.StartsWith('c')) > 5 && right.Started.Count(id => id.StartsWith('c')) > 5, $"{left.Started.Count} and {right.Started.Count}");
        Assert.False(client.HasMore);
    }

    [Fact]
    public async Task A_session_stays_with_one_brain()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        var (left, right) = (new ScriptedRunner(), new ScriptedRunner());
        await using var a = await BrainAsync(mosquitto, "left", left);
        await using var b = await BrainAsync(mosquitto, "right", right);
        await BothJoinedAsync(mosquitto, left, right);
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/house/reply", Token);
        for (int i = 0; i < 40; i++)
        {
            await client.PublishAsync("edge/house/command", $"{{\"text\":\"do it\",\"id\":\"s{i}\",\"session\":\"{i % 4}\"}}", Token);
            await client.NextAsync(Token);
        }

        for (int session = 0; session < 4; session++)
        {
            int atLeft = left.Started.Count(id => id.StartsWith('s') && int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) % 4 == session);
            Assert.True(atLeft is 0 or 10, $"{atLeft} of 10");
        }
    }

    [Fact]
    public async Task A_command_that_comes_again_is_not_done_again_by_the_other_brain()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        var (left, right) = (new ScriptedRunner(), new ScriptedRunner());
        var a = await BrainAsync(mosquitto, "left", left);
        await using var b = await BrainAsync(mosquitto, "right", right);
        await BothJoinedAsync(mosquitto, left, right);
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/house/reply", Token);
        for (int i = 0; i < 10; i++)
        {
            await client.PublishAsync("edge/house/command", $"{{\"text\":\"do it\",\"id\":\"r{i}\"}}", Token);
            await client.NextAsync(Token);
        }

        await a.StopAsync(Token);
        await a.DisposeAsync();
        int before = right.Started.Count;
        int left0 = left.Started.Count(id => id.StartsWith('r'));
        Assert.True(left0 > 0);
        for (int i = 0; i < 10; i++)
        {
            await client.PublishAsync("edge/house/command", $"{{\"text\":\"do it\",\"id\":\"r{i}\"}}", Token);
        }

        // Those that the other had answered are said again, since their reply may have been lost; none is done again.
        for (int i = 0; i < left0; i++)
        {
            await client.NextAsync(Token);
        }

        Assert.Equal(before, right.Started.Count);
    }

    private static async Task<TestEdge> BrainAsync(Mosquitto mosquitto, string id, ScriptedRunner runner) => await TestEdge.StartAsync(
        runner, Token, new MqttOptions(id, Embedded: false, Port: mosquitto.Port) { CommandsPerMinute = 10_000 }, new CommandOptions(128, TimeSpan.FromSeconds(30), 1), boards: new BoardOptions(House: "house"));

    /// <summary>Until both have done something: then each knows of the other.</summary>
    private static async Task BothJoinedAsync(Mosquitto mosquitto, ScriptedRunner left, ScriptedRunner right)
    {
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("warm", Token);
        for (int i = 0; left.Started.IsEmpty || right.Started.IsEmpty; i++)
        {
            await client.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic("edge/house/command").WithPayload($"{{\"text\":\"do it\",\"id\":\"w{i}\",\"session\":\"w{i}\"}}").WithResponseTopic("warm").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
                Token);
            await client.NextAsync(Token);
        }
    }
}
