using System.Collections.Concurrent;
using System.Text.Json;
using Edge.Tests.Fakes;
using MQTTnet;
using MQTTnet.Protocol;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Two brains and two hands, each a process of its own, at a real mosquitto; of each one is killed in mid-command.</summary>
public sealed class FourBoardsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_brain_killed_in_mid_command_is_stood_in_for_and_nothing_is_done_twice()
    {
        await using var place = await PlaceAsync();
        await using var watcher = await TestClient.ConnectAsync(place.Broker.Port, Token);
        await watcher.SubscribeAsync("edge/garden/call/+", Token);

        // The slow light never reports, so that its command takes 2 s: time enough to kill in the middle of it.
        await place.SendAsync("turn on the slow light", "slow");
        var call = await NextAsync(watcher);
        string brain = call.Topic.Split('/')[3];
        await place.Processes[brain].SignalAsync("KILL", Token);
        var again = await NextAsync(watcher);
        Assert.NotEqual(brain, again.Topic.Split('/')[3]);
        Assert.Equal(IdOf(call), IdOf(again));

        var reply = await place.ReplyAsync();
        Assert.Equal("slow", reply.GetProperty("id").GetString());
        Assert.Contains("Slow light did not follow", reply.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        await place.SendAsync("turn on the garden light", "next");
        Assert.Equal("next", (await place.ReplyAsync()).GetProperty("id").GetString());
        Assert.Equal(1, place.PermitsOf("garden", "slow"));
    }

    [Fact]
    public async Task Hands_killed_in_mid_command_are_named_in_the_reply_and_move_nothing_when_they_are_back()
    {
        await using var place = await PlaceAsync();
        await using var watcher = await TestClient.ConnectAsync(place.Broker.Port, Token);
        await watcher.SubscribeAsync("edge/garden/call/+", Token);
        await place.SendAsync("turn on the slow light and the cellar light", "slow");
        await NextAsync(watcher);
        await place.Processes["garden"].SignalAsync("KILL", Token);
        var reply = await place.ReplyAsync();
        Assert.Equal(("slow", "failed"), (reply.GetProperty("id").GetString(), reply.GetProperty("status").GetString()));
        Assert.Contains("Board garden went offline before it answered", reply.GetProperty("sentence").GetString(), StringComparison.Ordinal);

        // Asked while it is away, and back before the call's time is over: too late all the same.
        await place.SendAsync("turn on the garden light", "away");
        reply = await place.ReplyAsync();
        Assert.Contains("Board garden is offline", reply.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        await place.StartHandsAsync("garden");
        await watcher.SubscribeAsync("edge/garden/devices/garden_light/state", Token);
        while ((await NextAsync(watcher)).ConvertPayloadToString() != """{"state":"off"}""")
        {
            // What it said before it was killed stands retained until it says anew.
        }

        await place.SendAsync("turn on the garden light", "back");
        while ((await place.ReplyAsync()).GetProperty("status").GetString() != "ok")
        {
            // The brains hear of the board's return a moment after the broker does.
            await place.SendAsync("turn on the garden light", Guid.NewGuid().ToString("N"));
        }

        Assert.Equal(0, place.PermitsOf("garden", "away"));
    }

    [Fact]
    public async Task Under_load_with_one_brain_and_one_hand_killed_every_command_gets_one_reply_and_no_action_is_done_twice()
    {
        await using var place = await PlaceAsync();
        const int count = 80;
        for (int i = 0; i < count; i++)
        {
            string light = i % 2 == 0 ? "garden light" : "cellar light";
            await place.SendAsync($"turn {(i % 4 < 2 ? "on" : "off")} the {light}", $"c{i}");
            switch (i)
            {
                case 25:
                    await place.Processes["left"].SignalAsync("KILL", Token);
                    break;
                case 50:
                    await place.Processes["cellar"].SignalAsync("KILL", Token);
                    break;
            }
        }

        var replies = new Dictionary<string, List<string>>();
        while (replies.Count < count)
        {
            JsonElement reply;
            try
            {
                reply = await place.ReplyAsync();
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"No reply: {string.Join(' ', Enumerable.Range(0, count).Select(i => $"c{i}").Where(id => !replies.ContainsKey(id)))}");
                return;
            }

            string id = reply.GetProperty("id").GetString()!;
            replies.TryAdd(id, []);
            replies[id].Add(reply.GetProperty("status").GetString()!);
        }

        // One more, answered by the brain that is left: what came twice would have come before it.
        await place.SendAsync("turn on the garden light", "last");
        Assert.Equal("last", (await place.ReplyAsync()).GetProperty("id").GetString());
        Assert.Equal(count, replies.Count);
        Assert.All(replies, r => Assert.Single(r.Value));
        for (int i = 0; i < count; i++)
        {
            string board = i % 2 == 0 ? "garden" : "cellar";
            int permits = place.PermitsOf(board, $"c{i}");
            Assert.True(permits == 1 || (permits == 0 && replies[$"c{i}"][0] != "ok"), $"c{i}: {permits} permits, {replies[$"c{i}"][0]}");
        }

        // The garden lived through it: whatever was wanted there was done, whichever brain it came to.
        Assert.All(Enumerable.Range(0, count).Where(i => i % 2 == 0), i => Assert.Equal("ok", replies[$"c{i}"][0]));
    }

    private static string IdOf(MqttApplicationMessage call) => TestHouse.Json(call.ConvertPayloadToString()).GetProperty("id").GetString()!;

    private static async Task<MqttApplicationMessage> NextAsync(TestClient client)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        return await client.NextAsync(patience.Token);
    }

    private static async Task<Place> PlaceAsync()
    {
        var place = new Place(await Mosquitto.StartAsync(Token));
        await Task.WhenAll(place.StartHandsAsync("garden"), place.StartHandsAsync("cellar"), place.StartBrainAsync("left"), place.StartBrainAsync("right"));
        await place.ReadyAsync();
        return place;
    }

    private sealed class Place(Mosquitto broker) : IAsyncDisposable
    {
        private readonly string _folder = TemporaryFolder.Create();
        private TestClient? _client;

        public Mosquitto Broker { get; } = broker;

        public ConcurrentDictionary<string, EdgeProcess> Processes { get; } = [];

        public async Task StartBrainAsync(string id) => Processes[id] = await EdgeProcess.RunAsync(
            $"role: brain\nboards: {{house: house}}\nmqtt: {{id: {id}, embedded: false, port: {Broker.Port}, commandsPerMinute: 100000}}\ncommands: {{queueMax: 500, timeMax: 10min}}\n", Token);

        public async Task StartHandsAsync(string id)
        {
            string more = id == "garden" ? "  - {name: slow light, kind: light, line: 18, feedback: {line: 10, within: 2s}}\n" : "";
            Processes[id] = await EdgeProcess.RunAsync(
                $"role: hands\ngpio: {{driver: simulated}}\naudit: {{folder: {_folder}/{id}}}\nmqtt: {{id: {id}, embedded: false, port: {Broker.Port}}}\ndevices:\n  - {{name: {id} light, kind: light, line: 17, changesPerMinute: 6000}}\n{more}", Token);
        }

        /// <summary>Until both brains have switched both lights: then each knows of all.</summary>
        public async Task ReadyAsync()
        {
            _client = await TestClient.ConnectAsync(Broker.Port, Token);
            await _client.SubscribeAsync("edge/+/call/+", Token);
            await _client.SubscribeAsync("warm", Token);
            var seen = new HashSet<string>();
            for (int i = 0; seen.Count < 4; i++)
            {
                string light = i % 2 == 0 ? "garden light" : "cellar light";
                await PublishAsync($"turn on the {light}", $"w{i}", "warm");
                MqttApplicationMessage message;
                do
                {
                    message = await NextAsync(_client);
                    if (message.Topic != "warm")
                    {
                        seen.Add(message.Topic);
                    }
                }
                while (message.Topic != "warm");
            }

            await _client.DisposeAsync();
            _client = await TestClient.ConnectAsync(Broker.Port, Token);
            await _client.SubscribeAsync("edge/house/reply", Token);
        }

        public Task SendAsync(string text, string id) => PublishAsync(text, id, null);

        public async Task<JsonElement> ReplyAsync() => TestHouse.Json((await NextAsync(_client!)).ConvertPayloadToString());

        /// <summary>How often a board's gate let something of a command through; the command's session names it there.</summary>
        public int PermitsOf(string board, string session) => Directory.EnumerateFiles(Path.Combine(_folder, board))
            .SelectMany(ReadShared)
            .Count(line => line.Contains("\"permit\"", StringComparison.Ordinal) && line.Contains($"/mqtt/{session}\"", StringComparison.Ordinal));

        public async ValueTask DisposeAsync()
        {
            foreach (var process in Processes.Values)
            {
                await process.DisposeAsync();
            }

            await (_client?.DisposeAsync() ?? ValueTask.CompletedTask);
            await Broker.DisposeAsync();
        }

        private static string[] ReadShared(string path)
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd().Split('\n');
        }

        private Task PublishAsync(string text, string id, string? response) => _client!.PublishAsync(
            new MqttApplicationMessageBuilder()
                .WithTopic("edge/house/command")
                .WithPayload($"{{\"text\":\"{text}\",\"id\":\"{id}\",\"session\":\"{id}\"}}")
                .WithResponseTopic(response)
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(),
            Token);
    }
}
