using System.Diagnostics;
using Edge.Runtime.Hosting;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using MQTTnet;
using MQTTnet.Protocol;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>A busy house: 1,000 commands of 50 clients, and a hub's switches in between.</summary>
public class LoadTests
{
    private const int Clients = 50;
    private const int Each = 20;
    private const int Settings = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_commands_of_fifty_clients_are_all_answered_and_switches_do_not_wait()
    {
        var runner = new ScriptedRunner((c, _) =>
        {
            Thread.SpinWait(20_000);
            return ScriptedRunner.Said(c, "Done.");
        });
        await using var edge = await TestEdge.StartAsync(runner, Token, new MqttOptions(Port: FreePort.Find()) { CommandsPerMinute = 100_000 }, house: "devices: [{name: lamp, kind: light, line: 17}]");
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var clients = Enumerable.Range(0, Clients).Select(i => SendAllAsync(edge.Port, i)).ToList();
        var latencies = await SwitchAsync(edge.Port);
        int[] busy = await Task.WhenAll(clients);
        clock.Stop();
        long after = GC.GetTotalMemory(forceFullCollection: true);
        Array.Sort(latencies);
        TestContext.Current.SendDiagnosticMessage(
            $"{Clients * Each} commands in {clock.ElapsedMilliseconds} ms, {busy.Sum()} busy answers (most of one client {busy.Max()}), {(after - before) / 1024} KiB more; /set p50 {latencies[Settings / 2]:0.0} ms, p99 {latencies[Settings * 99 / 100]:0.0} ms");
        Assert.Equal(Clients * Each, runner.Started.Count);
        Assert.Equal(Clients * Each, runner.Started.Distinct().Count());
        Assert.True(after - before < 32 * 1024 * 1024, $"{(after - before) / 1024} KiB more than before.");
    }

    /// <summary>Sends the client's commands one after another, each again when it was told to.</summary>
    /// <returns>How often it was told that Edge is busy.</returns>
    private static async Task<int> SendAllAsync(int port, int number)
    {
        await using var client = await TestClient.ConnectAsync(port, Token);
        await client.SubscribeAsync($"load/{number}", Token);
        int busy = 0;
        for (int i = 0; i < Each; i++)
        {
            while (true)
            {
                await client.PublishAsync(Message("edge/home/command", $"{{\"text\":\"do it\",\"id\":\"{number}-{i}\"}}", $"load/{number}"), Token);
                string reply = (await client.NextAsync(Token)).ConvertPayloadToString();
                if (reply.Contains("\"status\":\"ok\"", StringComparison.Ordinal))
                {
                    break;
                }

                Assert.Contains("\"status\":\"busy\"", reply, StringComparison.Ordinal);
                busy++;
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
            }
        }

        return busy;
    }

    /// <returns>How long each setting took from sending to its reply, in milliseconds.</returns>
    private static async Task<double[]> SwitchAsync(int port)
    {
        await using var hub = await TestClient.ConnectAsync(port, Token);
        await hub.SubscribeAsync("load/hub", Token);
        double[] latencies = new double[Settings];
        for (int i = 0; i < Settings; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await hub.PublishAsync(Message("edge/home/devices/lamp/set", i % 2 == 0 ? "on" : "off", "load/hub"), Token);
            // The gate may find it too often; that is an answer too, by the same way.
            Assert.DoesNotContain("\"status\":\"busy\"", (await hub.NextAsync(Token)).ConvertPayloadToString(), StringComparison.Ordinal);
            latencies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return latencies;
    }

    private static MqttApplicationMessage Message(string topic, string payload, string response) => new MqttApplicationMessageBuilder()
        .WithTopic(topic).WithPayload(payload).WithResponseTopic(response).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
}
