using System.Globalization;
using Edge.Runtime.Hosting;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>A real mosquitto that is killed again and again under load. <c>.ci/soak</c> does it 100 times; here it is short.</summary>
public class SoakTests
{
    private const int Clients = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_command_is_lost_and_none_is_done_twice_while_the_broker_is_killed_and_restarted()
    {
        int restarts = int.Parse(Environment.GetEnvironmentVariable("EDGE_SOAK_RESTARTS") ?? "3", CultureInfo.InvariantCulture);
        string folder = TemporaryFolder.Create();
        string settings = $"allow_anonymous true\nuser {Environment.UserName}\npersistence true\npersistence_location {folder}/\nautosave_on_changes true\nautosave_interval 1\n";
        var mosquitto = await Mosquitto.StartAsync(Token, settings: settings);
        int port = mosquitto.Port;

        // Pauses before a reconnection shrink, and so do the ten minutes for which commands are remembered: to one, which outlasts any stall of a busy machine.
        var clock = new FastClock(10);
        var runner = new ScriptedRunner();
        await using var edge = await TestEdge.StartAsync(
            runner,
            Token,
            new MqttOptions(Embedded: false, Port: port) { CommandsPerMinute = 100_000 },
            new CommandOptions(64, TimeSpan.FromMinutes(10), 1) { AgeMax = TimeSpan.FromHours(1) },
            clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var senders = Enumerable.Range(0, Clients).Select(i => new SoakClient($"soak{i}", port)).ToList();
        var running = senders.Select(s => s.RunAsync(end.Token, Token)).ToList();
        var pauses = new Random(1);
        for (int i = 0; i < restarts; i++)
        {
            int atLeast = senders.Sum(s => s.Answered) + 20;
            while (senders.Sum(s => s.Answered) < atLeast)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(pauses.Next(10, 60)), TimeProvider.System, Token);
            }

            await mosquitto.DisposeAsync();
            mosquitto = await Mosquitto.StartAsync(Token, port, settings);
        }

        await end.CancelAsync();
        await Task.WhenAll(running);
        await mosquitto.DisposeAsync();
        var started = runner.Started.ToList();
        int sent = senders.Sum(s => s.Sent);
        TestContext.Current.SendDiagnosticMessage($"{restarts} restarts, {sent} commands, {started.Count} done, {started.Count - started.Distinct().Count()} doubled, {senders.Sum(s => s.Retries)} sent again, {senders.Sum(s => s.Repeats)} replies said again");
        Assert.Equal(sent, senders.Sum(s => s.Answered));
        Assert.Equal(sent, started.Count);
        Assert.Equal(sent, started.Distinct().Count());
    }

    /// <summary>Sends one command after another and sends each again under its id until the reply is there.</summary>
    private sealed class SoakClient(string name, int port)
    {
        public int Sent { get; private set; }

        public int Answered { get; private set; }

        public int Retries { get; private set; }

        public int Repeats { get; private set; }

        public async Task RunAsync(CancellationToken end, CancellationToken test)
        {
            TestClient? client = null;
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                string id = $"{name}-{i}";
                Sent++;
                while (true)
                {
                    try
                    {
                        client = await ReadyAsync(client, test);
                        await client.PublishAsync(Command(id), test).WaitAsync(TimeSpan.FromMilliseconds(500), TimeProvider.System, test);

                        // Cancelled, not left behind: a forgotten reader would take the reply away from the next.
                        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500), TimeProvider.System);
                        await HearAsync(client, id, patience.Token);
                        Answered++;
                        break;
                    }
                    catch (Exception fault) when (fault is TimeoutException or OperationCanceledException or MQTTnet.Exceptions.MqttCommunicationException or InvalidOperationException)
                    {
                        test.ThrowIfCancellationRequested();
                        Retries++;
                        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, test);
                    }
                }
            }

            if (client is not null)
            {
                await client.DisposeAsync();
            }
        }

        private async Task<TestClient> ReadyAsync(TestClient? client, CancellationToken test)
        {
            if (client is { IsConnected: true })
            {
                return client;
            }

            var next = await TestClient.ConnectAsync(port, test);
            return await next.SubscribeAsync($"soak/{name}", test);
        }

        private async Task HearAsync(TestClient client, string id, CancellationToken patience)
        {
            while (true)
            {
                string reply = (await client.NextAsync(patience)).ConvertPayloadToString();
                if (reply.StartsWith($"{{\"id\":\"{id}\",\"status\":\"ok\"", StringComparison.Ordinal))
                {
                    return;
                }

                Repeats++;
            }
        }

        private MqttApplicationMessage Command(string id) => new MqttApplicationMessageBuilder()
            .WithTopic("edge/home/command")
            .WithPayload($"{{\"text\":\"do it\",\"id\":\"{id}\"}}")
            .WithResponseTopic($"soak/{name}")
            .WithQualityOfServiceLevel(MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
    }
}
