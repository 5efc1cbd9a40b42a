using System.Net;
using System.Net.Sockets;
using System.Text;
using Edge.Functions.Calls;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;
using Edge.Runtime.Hosting.Metrics;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Edge.Tests.Hosting.Metrics;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Commands_tokens_denials_and_times_by_phase_are_told()
    {
        using var text = new PrometheusText();
        using var metrics = new ServiceMetrics(() => 3, () => true, () => 48.5, () => new Throttling(["hot"], []), TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        var timing = new CommandTiming(PrefillMs: 20, DecodeMs: 30, TotalMs: 60, PromptTokens: 400, CachedTokens: 380, DecodedTokens: 7, ForcedTokens: 11, ModelSteps: 6);
        metrics.OnAnswered(
            new Command("1", "open the safe", now, now, "test"),
            new Reply("1", ReplyStatus.Failed, "No.", [], [new FunctionResult.Denied("open", new Denial("not-exposed", "It is not exposed."))], timing));
        string[] lines = text.Write().Split('\n');
        Assert.Contains("edge_commands_total{status=\"failed\"} 1", lines);
        Assert.Contains("edge_denials_total{code=\"not-exposed\"} 1", lines);
        Assert.Contains("edge_tokens_total{kind=\"decoded\"} 7", lines);
        Assert.Contains("edge_model_steps_total 6", lines);
        Assert.Contains("edge_command_duration_seconds_sum{phase=\"prefill\"} 0.02", lines);
        Assert.Contains("edge_command_duration_seconds_bucket{phase=\"total\",le=\"0.05\"} 0", lines);
        Assert.Contains("edge_command_duration_seconds_bucket{phase=\"total\",le=\"0.1\"} 1", lines);
        Assert.Contains("edge_command_duration_seconds_bucket{phase=\"total\",le=\"+Inf\"} 1", lines);
        Assert.Contains("edge_queue 3", lines);
        Assert.Contains("edge_board_temperature_celsius 48.5", lines);
        Assert.Contains("edge_board_throttled{condition=\"hot\"} 1", lines);
        Assert.Contains("edge_board_throttled{condition=\"undervoltage\"} 0", lines);
        Assert.Contains("# TYPE edge_command_duration_seconds histogram", lines);
    }

    [Fact]
    public void A_gauge_that_nobody_knows_any_more_is_left_out()
    {
        double? temperature = 50;
        using var text = new PrometheusText();
        using var metrics = new ServiceMetrics(() => 0, () => false, () => temperature, () => null, TimeProvider.System);
        Assert.Contains("edge_board_temperature_celsius 50", text.Write());
        temperature = null;
        string after = text.Write();
        Assert.DoesNotContain("edge_board_temperature_celsius 50", after);
        Assert.DoesNotContain("edge_board_throttled{", after);
        Assert.Contains("edge_broker_connected 0", after);
    }

    [Theory]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK", "a 1\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found", "Ask for /metrics.\n")]
    [InlineData("POST /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed", "Ask with GET.\n")]
    [InlineData("rubbish\r\n\r\n", "HTTP/1.1 400 Bad Request", "This is no HTTP request.\n")]
    public async Task The_door_answers_get_metrics_and_nothing_else(string request, string status, string body)
    {
        int port = FreePort.Find();
        await using var door = new MetricsDoor(port, () => "a 1\n", TimeProvider.System, NullLogger<MetricsDoor>.Instance);
        door.Start();
        string answer = await AskAsync(port, request);
        Assert.StartsWith(status, answer);
        Assert.EndsWith("\r\n\r\n" + body, answer);
    }

    [Fact]
    public async Task A_request_without_an_end_takes_nothing_from_others()
    {
        int port = FreePort.Find();
        await using var door = new MetricsDoor(port, () => "a 1\n", TimeProvider.System, NullLogger<MetricsDoor>.Instance);
        door.Start();
        using var dawdler = new TcpClient();
        await dawdler.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(port, "GET /metrics HTTP/1.1\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 400", await AskAsync(port, new string('x', 4096)));
    }

    private static async Task<string> AskAsync(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
