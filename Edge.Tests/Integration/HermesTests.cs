using System.Text.Json;
using Edge.Functions.Devices;
using Edge.Runtime.Commands;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Voice by the Hermes protocol.</summary>
public class HermesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_heard_is_done_the_session_ends_and_the_reply_is_said()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, hermes: true);
        await using var voice = await ConnectAsync(edge);
        await HearAsync(voice, """{"text":"turn on the light","siteId":"kitchen","sessionId":"s1","likelihood":0.9,"seconds":1}""");
        var (topic, end) = await NextAsync(voice);
        Assert.Equal("hermes/dialogueManager/endSession", topic);
        Assert.Equal("s1", end.GetProperty("sessionId").GetString());
        (topic, var say) = await NextAsync(voice);
        Assert.Equal("hermes/tts/say", topic);
        Assert.Equal(("Heard: turn on the light", "kitchen", "s1"), (say.GetProperty("text").GetString(), say.GetProperty("siteId").GetString(), say.GetProperty("sessionId").GetString()));
    }

    [Fact]
    public async Task A_question_of_the_gate_continues_the_session_and_yes_answers_it()
    {
        TestEdge edge = null!;
        var runner = new ScriptedRunner((c, _) =>
        {
            var unlock = new DeviceAction.LockOrUnlock(edge.House.Registry.Find("front door")!.Declaration, Lock: false);
            var result = edge.House.Dispatcher.Invoke(unlock, CallerRunner.CallerOf(c), null, CancellationToken.None);
            return new Reply(c.Id, ReplyStatus.Failed, result.Sentence, [], [result], new CommandTiming());
        });
        edge = await TestEdge.StartAsync(runner, Token, house: "devices: [{name: front door, kind: lock, line: 17, confirm: always}]", answers: true, hermes: true);
        await using var closed = edge;
        await using var voice = await ConnectAsync(edge);
        await HearAsync(voice, """{"text":"unlock the front door","siteId":"hall","sessionId":"s1"}""");
        var (topic, more) = await NextAsync(voice);
        Assert.Equal("hermes/dialogueManager/continueSession", topic);
        Assert.Equal("s1", more.GetProperty("sessionId").GetString());
        Assert.Contains("Say yes", more.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("locked", edge.House.Registry.Find("front door")!.State.Word);

        await HearAsync(voice, """{"text":"yes","siteId":"hall","sessionId":"s1"}""");
        Assert.Equal("hermes/dialogueManager/endSession", (await NextAsync(voice)).Topic);
        Assert.Equal("hermes/tts/say", (await NextAsync(voice)).Topic);
        Assert.Equal("unlocked", edge.House.Registry.Find("front door")!.State.Word);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"text\":7}")]
    [InlineData("{\"text\":\"\"}")]
    [InlineData("{\"text\":\"on\",\"siteId\":7}")]
    public async Task What_is_no_text_is_nothing(string payload)
    {
        var runner = new ScriptedRunner();
        await using var edge = await TestEdge.StartAsync(runner, Token, hermes: true);
        await using var voice = await ConnectAsync(edge);
        await HearAsync(voice, payload);
        await HearAsync(voice, """{"text":"next"}""");
        var (topic, say) = await NextAsync(voice);
        Assert.Equal(("hermes/tts/say", "Heard: next"), (topic, say.GetProperty("text").GetString()));
        Assert.Single(runner.Started);
    }

    [Fact]
    public async Task A_retained_text_moves_nothing()
    {
        var runner = new ScriptedRunner();
        await using var edge = await TestEdge.StartAsync(runner, Token, hermes: true);
        await using var voice = await ConnectAsync(edge);
        await voice.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("hermes/asr/textCaptured").WithPayload("""{"text":"on"}""").WithRetainFlag().Build(), Token);
        Assert.StartsWith("Retained commands are refused", (await NextAsync(voice)).Json.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Empty(runner.Started);
    }

    private static async Task<TestClient> ConnectAsync(TestEdge edge)
    {
        var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("hermes/dialogueManager/#", Token);
        return await client.SubscribeAsync("hermes/tts/say", Token);
    }

    private static Task HearAsync(TestClient voice, string payload) => voice.PublishAsync("hermes/asr/textCaptured", payload, Token);

    private static async Task<(string Topic, JsonElement Json)> NextAsync(TestClient voice)
    {
        var message = await voice.NextAsync(Token);
        return (message.Topic, TestHouse.Json(message.ConvertPayloadToString()));
    }
}
