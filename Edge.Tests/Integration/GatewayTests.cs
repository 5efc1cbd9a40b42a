using System.Text;
using System.Text.Json;
using Edge.Runtime.Commands;
using Edge.Runtime.Hosting;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Commands and replies through the embedded broker, over TCP.</summary>
public class GatewayTests
{
    private readonly ScriptedRunner _runner = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task A_plain_client_finds_its_reply_on_the_reply_topic(MqttProtocolVersion version)
    {
        await using var edge = await TestEdge.StartAsync(_runner, Token);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token, version);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync("edge/home/command", """{"text":"turn on the light","id":"7"}""", Token);
        var reply = await client.NextAsync(Token);
        Assert.Equal(("7", "ok", "Heard: turn on the light"), Read(reply));
        Assert.False(reply.Retain);
    }

    [Fact]
    public async Task A_reply_goes_to_the_response_topic_with_the_correlation_data_and_nowhere_else()
    {
        await using var edge = await TestEdge.StartAsync(_runner, Token);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("#", Token);
        await client.PublishAsync(Command("turn on the light").WithResponseTopic("my/reply").WithCorrelationData([1, 0, 255]).Build(), Token);
        var reply = await NextButAsync(client, "edge/home/command", "edge/home/availability", "edge/home/status", "homeassistant/device/edge_home/config");
        Assert.Equal("my/reply", reply.Topic);
        Assert.Equal([1, 0, 255], reply.CorrelationData);
        Assert.Equal("application/json", reply.ContentType);
        Assert.Equal(MqttQualityOfServiceLevel.AtLeastOnce, reply.QualityOfServiceLevel);

        // Whatever Edge still had to say would come before this.
        await client.PublishAsync("end", "", Token);
        Assert.Equal("end", (await NextButAsync(client, "edge/home/status", "homeassistant/device/edge_home/config")).Topic);
    }

    [Theory]
    [InlineData("{\"text\":", "The JSON cannot be read")]
    [InlineData("{\"text\":7}", "\"text\" is a number")]
    [InlineData("", "The command is empty")]
    [InlineData("o\0n\0", "The text has control characters")]
    public async Task A_payload_that_is_no_command_gets_its_one_refusal(string payload, string beginning) =>
        await RefusedAsync(Command(payload).Build(), beginning);

    [Theory]
    [InlineData(5_000)]
    [InlineData(200_000)]
    public async Task An_oversized_payload_is_refused(int bytes) =>
        await RefusedAsync(Command(new string('a', bytes)).Build(), $"The payload has {bytes} bytes; 4096 are allowed");

    [Fact]
    public async Task Text_in_another_encoding_is_refused() =>
        await RefusedAsync(Command("").WithPayload(Encoding.Latin1.GetBytes("über")).Build(), "The text is not UTF-8");

    [Fact]
    public async Task A_retained_command_is_refused_when_it_comes_live() =>
        await RefusedAsync(Command("turn on the light").WithRetainFlag().Build(), "Retained commands are refused");

    [Theory]
    [InlineData("edge/home/command")]
    [InlineData("edge/home/availability")]
    [InlineData("edge/other/command")]
    [InlineData("$SYS/x")]
    public async Task A_response_topic_by_which_a_reply_could_act_is_refused_and_nothing_runs(string topic) =>
        await RefusedAsync(Command("turn on the light").WithResponseTopic(topic).Build(), $"The response topic \"{topic}\"");

    [Fact]
    public async Task Commands_beyond_the_queue_are_busy_at_once_and_each_gets_one_reply()
    {
        using var open = new ManualResetEventSlim();
        var runner = new ScriptedRunner((c, _) =>
        {
            open.Wait(CancellationToken.None);
            return ScriptedRunner.Said(c, "Done.");
        });
        await using var edge = await TestEdge.StartAsync(runner, Token, commands: new CommandOptions { QueueMax = 3 });
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync("edge/home/command", """{"text":"do it","id":"0"}""", Token);
        await runner.BegunAsync(Token);
        for (int i = 1; i <= 10; i++)
        {
            await client.PublishAsync("edge/home/command", $$"""{"text":"do it","id":"{{i}}"}""", Token);
        }

        var busy = new List<string>();
        for (int i = 0; i < 7; i++)
        {
            var (id, status, _) = Read(await client.NextAsync(Token));
            Assert.Equal("busy", status);
            busy.Add(id);
        }

        open.Set();
        var done = new List<string>();
        for (int i = 0; i < 4; i++)
        {
            done.Add(Read(await client.NextAsync(Token)).Id);
        }

        Assert.Equal(["4", "5", "6", "7", "8", "9", "10"], busy.OrderBy(int.Parse));
        Assert.Equal(["0", "1", "2", "3"], done.Order());
    }

    [Fact]
    public async Task The_same_command_again_is_done_once_and_answered_once()
    {
        await using var edge = await TestEdge.StartAsync(_runner, Token);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync("edge/home/command", """{"text":"on","id":"7"}""", Token);
        await client.PublishAsync("edge/home/command", """{"text":"on","id":"7"}""", Token);
        await client.PublishAsync("edge/home/command", """{"text":"off","id":"7"}""", Token);
        await client.PublishAsync("edge/home/command", """{"text":"off","id":"8"}""", Token);
        var replies = new List<(string Id, string Status, string)>();
        for (int i = 0; i < 3; i++)
        {
            replies.Add(Read(await client.NextAsync(Token)));
        }

        Assert.Equal(["7 ok", "7 refused", "8 ok"], replies.Select(r => $"{r.Id} {r.Status}").Order());
        Assert.Equal(["7", "8"], _runner.Started);
    }

    [Fact]
    public async Task A_retry_after_busy_runs()
    {
        using var open = new ManualResetEventSlim();
        var runner = new ScriptedRunner((c, _) =>
        {
            open.Wait(CancellationToken.None);
            return ScriptedRunner.Said(c, "Done.");
        });
        await using var edge = await TestEdge.StartAsync(runner, Token, commands: new CommandOptions { QueueMax = 1 });
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync("edge/home/command", """{"text":"on","id":"1"}""", Token);
        await runner.BegunAsync(Token);
        await client.PublishAsync("edge/home/command", """{"text":"on","id":"2"}""", Token);
        await client.PublishAsync("edge/home/command", """{"text":"on","id":"3"}""", Token);
        Assert.Equal(("3", "busy"), (Read(await client.NextAsync(Token)) is var (id, status, _)) ? (id, status) : default);
        open.Set();
        await client.NextAsync(Token);
        await client.NextAsync(Token);
        await client.PublishAsync("edge/home/command", """{"text":"on","id":"3"}""", Token);
        Assert.Equal("ok", Read(await client.NextAsync(Token)).Status);
        Assert.Equal(["1", "2", "3"], runner.Started);
    }

    [Fact]
    public async Task The_status_tells_version_model_queue_and_the_last_reply()
    {
        await using var edge = await TestEdge.StartAsync(_runner, Token);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/status", Token);
        var status = TestHouse.Json((await client.NextAsync(Token)).ConvertPayloadToString());
        Assert.Equal("a script", status.GetProperty("model").GetString());
        Assert.Equal(0, status.GetProperty("queue").GetInt32());
        Assert.Equal(["version", "model", "uptimeS", "queue", "commands", "lastLatencyMs", "lastReply", "temperature"], status.EnumerateObject().Select(p => p.Name).Take(8));
    }

    [Fact]
    public async Task Send_asks_with_response_topic_and_correlation_data_and_gets_the_reply()
    {
        await using var edge = await TestEdge.StartAsync(_runner, Token);
        string reply = await BrokerRequest.AskAsync(edge.Mqtt, "turn on the light", TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Contains("Heard: turn on the light", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_says_at_once_when_nobody_takes_commands()
    {
        await using var edge = await TestEdge.StartAsync(_runner, Token);
        var fault = await Assert.ThrowsAsync<BrokerException>(() =>
            BrokerRequest.AskAsync(edge.Mqtt with { Id = "other" }, "on", TimeSpan.FromSeconds(30), TimeProvider.System, Token));
        Assert.Equal($"Nobody takes commands on edge/other/command at 127.0.0.1:{edge.Port}; start Edge with `edge run`, or name another with --id.", fault.Message);
    }

    [Fact]
    public async Task Send_says_when_there_is_no_broker()
    {
        int port = FreePort.Find();
        var fault = await Assert.ThrowsAsync<BrokerException>(() =>
            BrokerRequest.AskAsync(new MqttOptions(Port: port), "on", TimeSpan.FromSeconds(30), TimeProvider.System, Token));
        Assert.StartsWith($"No broker answers at 127.0.0.1:{port} (Connection refused); start one with `edge run`", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Publishes a message and expects one refusal on the reply topic, and that nothing ran.</summary>
    private async Task RefusedAsync(MqttApplicationMessage message, string beginning)
    {
        await using var edge = await TestEdge.StartAsync(_runner, Token);
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/reply", Token);
        await client.PublishAsync(message, Token);
        var (_, status, sentence) = Read(await client.NextAsync(Token));
        Assert.Equal("refused", status);
        Assert.StartsWith(beginning, sentence, StringComparison.Ordinal);

        // The next reply is the next command's: the refusal was the only one.
        await client.PublishAsync("edge/home/command", """{"text":"next","id":"next"}""", Token);
        Assert.Equal("next", Read(await client.NextAsync(Token)).Id);
        Assert.Equal(["next"], _runner.Started);
    }

    private static MqttApplicationMessageBuilder Command(string payload) =>
        new MqttApplicationMessageBuilder().WithTopic("edge/home/command").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);

    private static async Task<MqttApplicationMessage> NextButAsync(TestClient client, params string[] topics)
    {
        while (true)
        {
            var message = await client.NextAsync(Token);
            if (!topics.Contains(message.Topic))
            {
                return message;
            }
        }
    }

    private static (string Id, string Status, string Sentence) Read(MqttApplicationMessage reply)
    {
        using var json = JsonDocument.Parse(reply.ConvertPayloadToString());
        var root = json.RootElement;
        return (root.GetProperty("id").GetString()!, root.GetProperty("status").GetString()!, root.GetProperty("sentence").GetString()!);
    }
}
