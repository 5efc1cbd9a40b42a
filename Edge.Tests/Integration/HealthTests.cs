using System.Text.Json;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary><c>edge health</c>, as a script uses it: an exit code, and one line or one JSON object.</summary>
public sealed class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_well_service_ends_with_0_and_tells_the_figures_of_its_status()
    {
        int port = FreePort.Find();
        string settings = $"gpio: {{driver: simulated}}\nmqtt: {{port: {port}}}\ndevices: [{{name: lamp, kind: light, line: 17}}]\n";
        string config = await EdgeProcess.WriteAsync(settings, Token);
        await using var edge = await EdgeProcess.RunAsync(settings, Token);
        await using var client = await (await TestClient.ConnectAsync(port, Token)).SubscribeAsync("edge/home/status", Token);
        await client.PublishAsync("edge/home/command", "turn on the lamp", Token);
        while (JsonDocument.Parse((await client.NextAsync(Token)).Payload).RootElement.GetProperty("commands").GetInt64() == 0)
        {
        }

        var (code, output, errors) = await EdgeProcess.DoAsync(Token, "health", "--json", "--config", config);
        Assert.Equal((0, ""), (code, errors));
        using var status = JsonDocument.Parse(output);
        var root = status.RootElement;
        Assert.Equal(1, root.GetProperty("commandsBy").GetProperty("ok").GetInt64());
        Assert.Equal(0, root.GetProperty("reconnections").GetInt64());
        Assert.True(root.GetProperty("tokensBy").GetProperty("prompt").GetInt64() > 0);
        Assert.Equal(["queue", "prefill", "decode", "gate", "hands", "total"], root.GetProperty("lastMs").EnumerateObject().Select(p => p.Name));
        Assert.True(root.GetProperty("lastMs").GetProperty("total").GetDouble() > 0);
    }

    [Fact]
    public async Task A_service_that_is_not_there_ends_with_1()
    {
        await using var broker = await TestBroker.StartAsync();
        var (code, output, errors) = await HealthAsync($"mqtt: {{embedded: false, port: {broker.Port}}}");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"The broker at 127.0.0.1:{broker.Port} knows no Edge \"home\"; start it with `edge run`", errors);
    }

    [Fact]
    public async Task A_service_that_has_stopped_ends_with_1()
    {
        await using var broker = await TestBroker.StartAsync();
        string settings = $"gpio: {{driver: simulated}}\nmqtt: {{embedded: false, port: {broker.Port}}}\ndevices: [{{name: lamp, kind: light, line: 17}}]";
        await using (var edge = await EdgeProcess.RunAsync(settings, Token))
        {
            await edge.SignalAsync("TERM", Token);
            await edge.EndAsync(Token);
        }

        var (code, _, errors) = await HealthAsync(settings);
        Assert.Equal(1, code);
        Assert.Equal("Edge \"home\" is offline; see: journalctl -u edge", errors);
    }

    [Fact]
    public async Task No_broker_ends_with_3_and_a_wrong_setting_with_78()
    {
        Assert.Equal(3, (await HealthAsync($"mqtt: {{port: {FreePort.Find()}}}")).Code);
        Assert.Equal(78, (await HealthAsync("mqtt: {port: 70000}")).Code);
    }

    private static async Task<(int Code, string Output, string Errors)> HealthAsync(string settings) =>
        await EdgeProcess.DoAsync(Token, "health", "--config", await EdgeProcess.WriteAsync(settings + "\n", Token));
}
