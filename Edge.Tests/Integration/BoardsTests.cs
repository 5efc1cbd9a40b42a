using System.Text.Json;
using Edge.Runtime.Commands;
using Edge.Runtime.Mqtt;
using Edge.Runtime.Mqtt.Boards;
using Edge.Tests.Fakes;
using MQTTnet;
using MQTTnet.Protocol;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Hands and brains of one process each other over a real mosquitto.</summary>
public sealed class BoardsTests
{
    private const string Garden = """
        devices:
          - {name: garden light, room: garden, kind: light, line: 17}
          - {name: pump, room: garden, kind: dimmer, pwm: 0, max: 60}
          - {name: shed door, kind: lock, line: 18}
          - {name: safe, kind: lock, line: 19, confirm: pin}
          - {name: siren, kind: buzzer, line: 20, expose: false}
          - {name: soil, room: garden, kind: sensor, quantity: temperature, simulated: 21.5}
        safety: {pin: "2468"}
        """;

    private const string Home = "devices: [{name: kitchen light, room: kitchen, kind: light, line: 17}]";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_sentence_moves_lines_on_two_boards_and_reads_a_third_thing_back()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var hands = await HandsAsync(mosquitto);
        await using var brain = await BrainAsync(mosquitto, 6);
        var reply = await AskAsync(brain, """turn_on {"device":"garden light"}; turn_on {"device":"kitchen light"}; read_temperature {}""");
        Assert.Equal(("ok", "Garden light is on. Kitchen light is on. Garden temperature is 21.5 °C."), reply);
        Assert.Equal("on", hands.House.Registry.Find("garden light")!.State.Word);
        Assert.Equal(("ok", "All lights are off."), await AskAsync(brain, """turn_off {"device":"all lights"}"""));
    }

    [Fact]
    public async Task A_brain_offers_no_more_than_the_hands_allow_and_their_gate_has_the_last_word()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var hands = await HandsAsync(mosquitto);
        await using var brain = await BrainAsync(mosquitto, 6);
        Assert.Null(brain.House.Registry.Find("siren"));
        var (status, sentence) = await AskAsync(brain, """set_brightness {"light":"pump","brightness":90}""");
        Assert.Equal("failed", status);
        Assert.Contains("60", sentence, StringComparison.Ordinal);

        // Whoever speaks past the brain's gate meets that of the hands.
        await using var rogue = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await rogue.SubscribeAsync("edge/rogue/answer/garden", Token);
        Assert.Equal("out-of-range", Code(await CallAsync(rogue, """{"version":1,"id":"1","device":"pump","action":"level","value":90,"expiresAt":EXPIRY}""")));
        Assert.Equal("malformed", Code(await CallAsync(rogue, """{"version":1,"id":"2","device":"siren","action":"beep","value":1,"expiresAt":EXPIRY}""")));
        Assert.Equal("wrong-kind", Code(await CallAsync(rogue, """{"version":1,"id":"3","device":"pump","action":"lock","value":false,"expiresAt":EXPIRY}""")));
        Assert.Equal("malformed", Code(await CallAsync(rogue, """{"version":2,"id":"4","device":"pump","action":"read","expiresAt":EXPIRY}""")));
        Assert.Equal("refused", Code(await CallAsync(rogue, """{"version":1,"id":"5","device":"garden light","action":"switch","value":true,"expiresAt":EXPIRY}""", age: TimeSpan.FromSeconds(5))));
        Assert.Equal("refused", Code(await CallAsync(rogue, """{"version":1,"id":"6","device":"garden light","action":"switch","value":true,"expiresAt":EXPIRY}""", age: TimeSpan.FromHours(-1))));
        Assert.Equal("off", hands.House.Registry.Find("garden light")!.State.Word);
    }

    [Fact]
    public async Task A_call_that_comes_twice_is_done_once_and_answered_twice()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var hands = await HandsAsync(mosquitto);
        await using var rogue = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await rogue.SubscribeAsync("edge/rogue/answer/garden", Token);
        const string call = """{"version":1,"id":"9","device":"garden light","action":"switch","value":true,"expiresAt":EXPIRY}""";
        Assert.Equal("done", (await CallAsync(rogue, call)).GetProperty("status").GetString());
        int moved = hands.House.Registry.Find("garden light")!.MovedAt.Count;
        Assert.Equal("done", (await CallAsync(rogue, call)).GetProperty("status").GetString());
        Assert.Equal("used-id", Code(await CallAsync(rogue, call.Replace("true", "false", StringComparison.Ordinal))));
        Assert.Equal(moved, hands.House.Registry.Find("garden light")!.MovedAt.Count);
    }

    [Fact]
    public async Task What_the_hands_ask_reaches_the_person_and_the_answer_goes_back()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var hands = await HandsAsync(mosquitto);
        await using var brain = await BrainAsync(mosquitto, 6);
        var (status, sentence) = await AskAsync(brain, """unlock_door {"lock":"shed door"}""");
        Assert.Equal(("failed", "Unlock shed door? Say yes within 30s."), (status, sentence));
        Assert.Equal("locked", hands.House.Registry.Find("shed door")!.State.Word);
        Assert.Equal(("ok", "Shed door is unlocked."), await AskAsync(brain, "yes"));
        Assert.Equal("unlocked", hands.House.Registry.Find("shed door")!.State.Word);

        await AskAsync(brain, """unlock_door {"lock":"safe"}""");
        Assert.Equal(("failed", "That is not the PIN; nothing was done."), await AskAsync(brain, "1111"));
        await AskAsync(brain, """unlock_door {"lock":"safe"}""");
        Assert.Equal(("ok", "Safe is unlocked."), await AskAsync(brain, "2468"));
    }

    [Fact]
    public async Task The_devices_of_a_board_that_leaves_vanish_and_those_of_one_that_dies_say_so()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var brain = await BrainAsync(mosquitto, 1);
        var hands = await HandsAsync(mosquitto);
        await KnowsAsync(brain, 6);
        await hands.StopAsync(Token);
        await KnowsAsync(brain, 1);
        await UntilAsync(() => brain.House.Catalog.Functions.All(f => f.Name != "unlock_door"));
        await hands.DisposeAsync();

        await using var again = await HandsAsync(mosquitto);
        await KnowsAsync(brain, 6);
        await using var killer = await TestClient.ConnectAsync(mosquitto.Port, Token);

        // The broker's word for a board that died.
        await killer.PublishAsync(new MqttApplicationMessageBuilder().WithTopic("edge/garden/availability").WithPayload("offline").WithRetainFlag().Build(), Token);
        await UntilAsync(() => !brain.House.Registry.Find("garden light")!.State.IsKnown);
        var reply = await AskAsync(brain, """turn_on {"device":"garden light"}; turn_on {"device":"kitchen light"}""");
        Assert.Equal(("failed", "Garden light did not follow: Board garden is offline. Kitchen light is on."), reply);
    }

    [Theory]
    [InlineData("not json", "cannot be read")]
    [InlineData("""{"version":9,"id":"evil","devices":[]}""", "version is 9")]
    [InlineData("""{"version":1,"id":"garden","devices":[]}""", "names")]
    [InlineData("""{"version":1,"id":"evil","devices":[{"name":"x]|[kitchen light","kind":"light","skills":["switch"]}]}""", "is no name")]
    [InlineData("""{"version":1,"id":"evil","devices":[{"name":"x","kind":"bomb","skills":["switch"]}]}""", "unknown kind")]
    [InlineData("""{"version":1,"id":"evil","devices":[{"name":"x","kind":"light","skills":["lock"]}]}""", "skills that no light has")]
    [InlineData("""{"version":1,"id":"evil","devices":[{"name":"x","kind":"dimmer","skills":["level"],"limits":{"levelMax":1e9}}]}""", "levelMax")]
    [InlineData("""{"version":1,"id":"evil","devices":[{"name":"x","kind":"light","skills":["switch"]},{"name":"X","kind":"fan","skills":["switch"]}]}""", "two devices")]
    [InlineData("""{"version":1,"id":"evil"}""", "missing")]
    public void A_malformed_announcement_is_one_clear_line(string payload, string says)
    {
        var fault = Assert.Throws<FormatException>(() => Announcement.Read("evil", System.Text.Encoding.UTF8.GetBytes(payload)));
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public async Task A_hostile_announcement_changes_nothing()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var brain = await BrainAsync(mosquitto, 1);
        await using var rogue = await TestClient.ConnectAsync(mosquitto.Port, Token);
        string before = string.Join('|', brain.House.Catalog.Functions.Select(f => f.Definition.Parameters.GetRawText()));
        await AnnounceAsync(rogue, "evil", """{"version":1,"id":"evil","devices":[{"name":"kitchen light","kind":"light","skills":["switch"]}]}""");
        await AnnounceAsync(rogue, "evil", "[[[[[[[[[[");
        await AnnounceAsync(rogue, "evil", new string('x', 100_000));

        // A good one behind them: when it is there, the others have been looked at.
        await AnnounceAsync(rogue, "good", """{"version":1,"id":"good","devices":[]}""");
        await using var hands = await HandsAsync(mosquitto);
        await KnowsAsync(brain, 6);
        await hands.StopAsync(Token);
        await KnowsAsync(brain, 1);
        await UntilAsync(() => brain.House.Catalog.Functions.All(f => f.Name != "unlock_door"));
        Assert.Equal(before, string.Join('|', brain.House.Catalog.Functions.Select(f => f.Definition.Parameters.GetRawText())));
        Assert.Null(brain.House.Registry.Find("kitchen light")!.Declaration.Board);
    }

    [Fact]
    public async Task Only_listed_brains_may_call_and_only_listed_hands_are_taken_in()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var hands = await HandsAsync(mosquitto, new BoardOptions(BoardRole.Hands, Announce: true) { Brains = ["home"] });
        await using var other = await TestEdge.StartAsync(new ScriptedRunner(), Token, Of(mosquitto, "other"), runs: CallingRunner.For, house: Home, boards: new BoardOptions(AnswerWithin: TimeSpan.FromSeconds(1)));
        await using var deaf = await TestEdge.StartAsync(new ScriptedRunner(), Token, Of(mosquitto, "deaf"), runs: CallingRunner.For, house: Home, boards: new BoardOptions { Hands = ["shed"] });
        await using var home = await BrainAsync(mosquitto, 6);
        await KnowsAsync(other, 6);
        Assert.Equal(("failed", "Garden light did not follow: Board garden did not answer within 1s."), Spaced(await AskAsync(other, """turn_on {"device":"garden light"}""")));
        Assert.Equal(("ok", "Garden light is on."), await AskAsync(home, """turn_on {"device":"garden light"}"""));
        Assert.Single(deaf.House.Registry.Devices);
    }

    [Fact]
    public async Task Hands_answer_a_sentence_by_saying_what_they_are()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var hands = await HandsAsync(mosquitto);
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/garden/hands", Token);
        var announced = TestHouse.Json((await client.NextAsync(Token)).ConvertPayloadToString());
        Assert.Equal((1, "garden", 5), (announced.GetProperty("version").GetInt32(), announced.GetProperty("id").GetString(), announced.GetProperty("devices").GetArrayLength()));
        Assert.DoesNotContain("siren", announced.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("2468", announced.GetRawText(), StringComparison.Ordinal);
        await hands.StopAsync(Token);
        Assert.Equal(0, (await client.NextAsync(Token)).Payload.Length);
    }

    private static (string, string) Spaced((string Status, string Sentence) reply) => (reply.Status, reply.Sentence.Replace("1 s", "1s", StringComparison.Ordinal));

    private static MqttOptions Of(Mosquitto mosquitto, string id) => new(id, Embedded: false, Port: mosquitto.Port);

    private static Task<TestEdge> HandsAsync(Mosquitto mosquitto, BoardOptions? boards = null) =>
        TestEdge.StartAsync(new ScriptedRunner(), Token, Of(mosquitto, "garden"), house: Garden, boards: boards ?? new BoardOptions(BoardRole.Hands, Announce: true));

    private static async Task<TestEdge> BrainAsync(Mosquitto mosquitto, int devices)
    {
        var brain = await TestEdge.StartAsync(new ScriptedRunner(), Token, Of(mosquitto, "home"), runs: CallingRunner.For, house: Home);
        await KnowsAsync(brain, devices);
        return brain;
    }

    private static Task KnowsAsync(TestEdge brain, int devices) => UntilAsync(() => brain.House.Registry.Devices.Count == devices);

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }

    private static async Task<(string Status, string Sentence)> AskAsync(TestEdge brain, string text)
    {
        var reply = TestHouse.Json(await BrokerRequest.AskAsync(brain.Mqtt, text, Patience, TimeProvider.System, Token));
        return (reply.GetProperty("status").GetString()!, reply.GetProperty("sentence").GetString()!);
    }

    private static Task AnnounceAsync(TestClient client, string board, string payload) => client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic($"edge/{board}/hands").WithPayload(payload).WithRetainFlag().WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), Token);

    private static async Task<JsonElement> CallAsync(TestClient client, string call, TimeSpan age = default)
    {
        long expiry = (TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3) - age).ToUnixTimeMilliseconds();
        await client.PublishAsync(
            new MqttApplicationMessageBuilder()
                .WithTopic("edge/garden/call/rogue")
                .WithPayload(call.Replace("EXPIRY", $"{expiry}", StringComparison.Ordinal))
                .WithCorrelationData("c"u8.ToArray())
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(),
            Token);
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        return TestHouse.Json((await client.NextAsync(patience.Token)).ConvertPayloadToString());
    }

    private static string? Code(JsonElement answer) => answer.GetProperty("code").GetString();
}
