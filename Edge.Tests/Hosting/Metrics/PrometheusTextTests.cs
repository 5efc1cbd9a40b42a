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
        using var metrics = Metrics(new Gauges(() => 3, () => true, () => 4, () => 48.5, () => new Throttling(["hot"], ["hot", "undervoltage"])));
        using var text = new PrometheusText(metrics);
        var now = TimeProvider.System.GetUtcNow();
        var timing = new CommandTiming(PrefillMs: 20, DecodeMs: 30, TotalMs: 60, PromptTokens: 400, CachedTokens: 380, DecodedTokens: 7, ForcedTokens: 11, ModelSteps: 6, QueueMs: 2, GateMs: 1, HandsMs: 3);
        metrics.OnAnswered(
            new Command("1", "open the safe", now, now, "test"),
            new Reply("1", ReplyStatus.Failed, "No.", [], [new FunctionResult.Denied("open", new Denial("not-exposed", "It is not exposed."))], timing));
        metrics.OnAnswered(new Command("2", "x", now, now, "test"), Reply.Refusal("2", ReplyStatus.Busy, "Busy."));
        string[] lines = text.Write().Split('\n');
        Assert.Equal(lines[..^1], text.Write().Split('\n')[..^1].Select((line, i) => IsMoving(line) ? lines[i] : line));
        Assert.Contains("edge_commands_total{status=\"failed\"} 1", lines);
        Assert.Contains("edge_commands_total{status=\"busy\"} 1", lines);
        Assert.Contains("edge_commands_total{status=\"ok\"} 0", lines);
        Assert.Contains("edge_denials_total{code=\"not-exposed\"} 1", lines);
        Assert.Contains("edge_tokens_total{kind=\"decoded\"} 7", lines);
        Assert.Contains("edge_model_steps_total 6", lines);
        Assert.Contains("edge_command_duration_seconds_sum{phase=\"prefill\"} 0.02", lines);
        Assert.Contains("edge_command_duration_seconds_bucket{phase=\"total\",le=\"0.05\"} 0", lines);
        Assert.Contains("edge_command_duration_seconds_bucket{phase=\"total\",le=\"0.1\"} 1", lines);
        Assert.Contains("edge_command_duration_seconds_bucket{phase=\"total\",le=\"+Inf\"} 1", lines);
        foreach (var (phase, seconds) in (ReadOnlySpan<(string, string)>)[("queue", "0.002"), ("prefill", "0.02"), ("decode", "0.03"), ("gate", "0.001"), ("hands", "0.003"), ("total", "0.06")])
        {
            Assert.Contains($"edge_command_duration_seconds_sum{{phase=\"{phase}\"}} {seconds}", lines);
            Assert.Contains($"edge_command_duration_seconds_count{{phase=\"{phase}\"}} 1", lines);
        }

        Assert.Contains("edge_broker_reconnections_total 3", lines);
        Assert.Contains("edge_board_throttled_before{condition=\"undervoltage\"} 1", lines);
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
        using var metrics = Metrics(new Gauges(() => 0, () => false, () => 0, () => temperature, () => null));
        using var text = new PrometheusText(metrics);
        Assert.Contains("edge_board_temperature_celsius 50", text.Write());
        temperature = null;
        string after = text.Write();
        Assert.DoesNotContain("edge_board_temperature_celsius 50", after);
        Assert.DoesNotContain("edge_board_throttled{", after);
        Assert.Contains("edge_broker_connected 0", after);
    }

    [Fact]
    public void Before_the_first_command_every_instrument_is_told_with_help_and_type()
    {
        using var metrics = Metrics(new Gauges(() => 0, () => true, () => 1, () => null, () => null));
        using var text = new PrometheusText(metrics);
        string all = text.Write();
        foreach (string name in (string[])["edge_commands_total", "edge_denials_total", "edge_tokens_total", "edge_command_duration_seconds", "edge_queue", "edge_board_temperature_celsius", "edge_board_throttled", "edge_broker_reconnections_total", "edge_memory_bytes", "edge_uptime_seconds"])
        {
            Assert.Matches($"# HELP {name} \\S.*\n# TYPE {name} (counter|gauge|histogram)\n", all);
        }

        Assert.Contains("edge_broker_reconnections_total 0\n", all);
    }

    [Fact]
    public void The_status_has_the_same_figures()
    {
        using var metrics = Metrics(new Gauges(() => 0, () => true, () => 2, () => 40, () => new Throttling(["hot"], ["hot", "capped"])));
        var now = TimeProvider.System.GetUtcNow();
        metrics.OnAnswered(
            new Command("1", "x", now, now, "test"),
            new Reply("1", ReplyStatus.Failed, "No.", [], [new FunctionResult.Denied("open", new Denial("not-exposed", "No."))], new CommandTiming(20, 30, 60, 400, 380, 7, 11, 6, 2, 1, 3)));
        var status = new System.Text.Json.Nodes.JsonObject();
        metrics.Extend(status);
        status.Remove("memoryMB");
        Assert.Equal(
            """{"denials":1,"tokens":7,"throttled":true,"lastMs":{"queue":2,"prefill":20,"decode":30,"gate":1,"hands":3,"total":60},"commandsBy":{"busy":0,"error":0,"failed":1,"ok":0,"refused":0,"timeout":0},"denialsBy":{"not-exposed":1},"tokensBy":{"cached":380,"decoded":7,"forced":11,"prompt":400},"modelSteps":6,"reconnections":1,"throttledBy":["hot"],"throttledBefore":["hot","capped"]}""",
            status.ToJsonString());
    }

    [Fact]
    public void Codes_that_somebody_invents_do_not_fill_the_memory()
    {
        using var metrics = Metrics(new Gauges(() => 0, () => true, () => 1, () => null, () => null));
        using var text = new PrometheusText(metrics);
        for (int i = 0; i < 10_000; i++)
        {
            metrics.Invoked(new FunctionResult.Denied("open", new Denial($"code \"{i}\"\n\\", "No.")));
        }

        string[] lines = [.. text.Write().Split('\n').Where(l => l.StartsWith("edge_denials_total{", StringComparison.Ordinal))];
        Assert.Equal(Tally.ValuesMax + 1, lines.Length);
        Assert.Equal("edge_denials_total{code=\"code \\\"0\\\"\\n\\\\\"} 1", lines[0]);
        Assert.Equal($"edge_denials_total{{code=\"other\"}} {10_000 - Tally.ValuesMax}", lines[^1]);
    }

    [Fact]
    public async Task Prometheus_own_tool_finds_nothing_wrong()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "promtool (Debian: prometheus) is not installed.");
        using var metrics = Metrics(new Gauges(() => 3, () => true, () => 4, () => 48.5, () => new Throttling(["hot"], [])) { Version = "1", Model = "a \"model\"\\" });
        using var text = new PrometheusText(metrics);
        var now = TimeProvider.System.GetUtcNow();
        metrics.OnAnswered(new Command("1", "x", now, now, "test"), new Reply("1", ReplyStatus.Failed, "No.", [], [new FunctionResult.Denied("open", new Denial("a\n\"b\"", "No."))], new CommandTiming(20, 30, 60, 400, 380, 7, 11, 6, 2, 1, 3)));
        using var tool = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        await tool.StandardInput.WriteAsync(text.Write());
        tool.StandardInput.Close();
        string said = await tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken) + await tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(tool.ExitCode == 0 && said.Length == 0, said);
    }

    [Fact]
    public async Task The_door_is_open_on_loopback_and_nowhere_else()
    {
        int port = FreePort.Find();
        await using var door = new MetricsDoor(port, () => "a 1\n", TimeProvider.System, NullLogger<MetricsDoor>.Instance);
        door.Start();
        var listeners = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == port);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, port)], listeners);
        foreach (var own in await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork, TestContext.Current.CancellationToken))
        {
            if (!IPAddress.IsLoopback(own))
            {
                using var client = new TcpClient();
                var refused = await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(own, port, TestContext.Current.CancellationToken).AsTask());
                Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
            }
        }
    }

    [Theory]
    [InlineData("GET /metrics?collect=all HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK", "a 1\n")]
    [InlineData("GET /metricsx HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found", "Ask for /metrics.\n")]
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

    private static ServiceMetrics Metrics(Gauges now) => new(now, TimeProvider.System, NullLogger.Instance);

    private static bool IsMoving(string line) => line.StartsWith("edge_uptime", StringComparison.Ordinal) || line.StartsWith("edge_memory", StringComparison.Ordinal);

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
