using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Runtime.Commands;
using Edge.Runtime.Mqtt;
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

    [Fact]
    public async Task A_query_is_answered_with_the_intent_and_moves_nothing()
    {
        var runner = new ScriptedRunner((c, _) => c.OnlyUnderstand
            ? new Reply(c.Id, ReplyStatus.Ok, "", c.Text == "nonsense" ? [] : [new FunctionCall("set_brightness", TestHouse.Json("""{"light":"Kitchen Light","brightness":40}"""))], [], new CommandTiming())
            : throw new InvalidOperationException("It was to be understood only."));
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var edge = await TestEdge.StartAsync(runner, Token, new MqttOptions(Embedded: false, Port: mosquitto.Port), hermes: true);
        await using var voice = await TestClient.ConnectAsync(edge.Port, Token);
        await voice.SubscribeAsync("hermes/intent/+", Token);
        await voice.SubscribeAsync("hermes/nlu/intent/+", Token);
        await voice.SubscribeAsync("hermes/nlu/intentNotRecognized", Token);
        const string query = """{"input":"kitchen light to 40","siteId":"kitchen","sessionId":"s1","id":"q1","customData":"x","intentFilter":null,"asrConfidence":0.5}""";
        await voice.PublishAsync("hermes/nlu/query", query, Token);
        foreach (string expected in (string[])["hermes/intent/set_brightness", "hermes/nlu/intent/set_brightness"])
        {
            var (topic, intent) = await NextAsync(voice);
            Assert.Equal(expected, topic);
            Assert.Equal("""{"intentName":"set_brightness","confidenceScore":1}""", intent.GetProperty("intent").GetRawText());
            Assert.Equal(("kitchen", "s1", "q1", "x"), (Text(intent, "siteId"), Text(intent, "sessionId"), Text(intent, "id"), Text(intent, "customData")));
            Assert.Equal("kitchen light to 40", Text(intent, "input"));
            var slot = intent.GetProperty("slots")[0];
            Assert.Equal(("light", "Kitchen Light", "Kitchen Light"), (Text(slot, "slotName"), Text(slot, "rawValue"), Text(slot.GetProperty("value"), "value")));
            Assert.Equal("""{"start":0,"end":13}""", slot.GetProperty("range").GetRawText());
            Assert.Equal(40, intent.GetProperty("slots")[1].GetProperty("value").GetProperty("value").GetInt32());
        }

        await voice.PublishAsync("hermes/nlu/query", query.Replace("null", "[\"turn_on\"]", StringComparison.Ordinal), Token);
        var (none, answer) = await NextAsync(voice);
        Assert.Equal(("hermes/nlu/intentNotRecognized", "q1", "s1"), (none, Text(answer, "id"), Text(answer, "sessionId")));
        await voice.PublishAsync("hermes/nlu/query", """{"input":7}""", Token);
        await voice.PublishAsync("hermes/nlu/query", """{"input":"nonsense"}""", Token);
        (none, answer) = await NextAsync(voice);
        Assert.Equal(("hermes/nlu/intentNotRecognized", "nonsense", "default"), (none, Text(answer, "input"), Text(answer, "siteId")));
    }

    private static string? Text(JsonElement json, string field) => json.GetProperty(field).GetString();

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
