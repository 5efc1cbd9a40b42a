using System.Text.Json;
using Edge.Runtime.Hosting;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>The program as its user meets it.</summary>
public class ProcessTests
{
    private const string House = "devices: [{name: kitchen light, room: kitchen, kind: light, line: 17}]\ngpio: {driver: simulated}\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Run_serves_send_and_leaves_its_lines_safe_and_the_broker_told(string signal)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var edge = await EdgeProcess.RunAsync($"{House}mqtt: {{embedded: false, port: {broker.Port}}}\n", Token);
        var (exitCode, output, _) = await EdgeProcess.DoAsync(Token, "send", "turn on the kitchen light", "--json", "--port", $"{broker.Port}");
        Assert.Equal(ExitCode.Ok, exitCode);
        using var reply = JsonDocument.Parse(output);
        Assert.Equal("turn_on", reply.RootElement.GetProperty("calls")[0].GetProperty("name").GetString());

        await using var client = await TestClient.ConnectAsync(broker.Port, Token);
        await client.SubscribeAsync("edge/home/devices/kitchen_light/state", Token);
        Assert.Equal("""{"state":"on"}""", (await client.NextAsync(Token)).ConvertPayloadToString());
        await client.SubscribeAsync("edge/home/availability", Token);
        Assert.Equal("online", (await client.NextAsync(Token)).ConvertPayloadToString());

        await edge.SignalAsync(signal, Token);
        Assert.Equal("""{"state":"off"}""", (await client.NextAsync(Token)).ConvertPayloadToString());
        Assert.Equal("offline", (await client.NextAsync(Token)).ConvertPayloadToString());
        Assert.Equal(ExitCode.Ok, (await edge.EndAsync(Token)).ExitCode);
    }

    [Fact]
    public async Task A_stop_that_comes_while_starting_is_obeyed()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var edge = await EdgeProcess.BeginAsync($"{House}mqtt: {{embedded: false, port: {broker.Port}}}\n", Token);
        await edge.SignalAsync("TERM", Token);
        Assert.Equal(ExitCode.Ok, (await edge.EndAsync(Token)).ExitCode);
    }

    [Fact]
    public async Task When_Edge_is_killed_the_broker_says_offline_for_it()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var edge = await EdgeProcess.RunAsync($"{House}mqtt: {{embedded: false, port: {mosquitto.Port}}}\n", Token);
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("edge/home/availability", Token);
        Assert.Equal("online", (await client.NextAsync(Token)).ConvertPayloadToString());
        await edge.SignalAsync("KILL", Token);
        Assert.Equal("offline", (await client.NextAsync(Token)).ConvertPayloadToString());
    }

    [Fact]
    public async Task Run_serves_a_broker_of_its_own()
    {
        int port = FreePort.Find();
        await using var edge = await EdgeProcess.RunAsync($"{House}mqtt: {{port: {port}}}\n", Token);
        var (exitCode, output, _) = await EdgeProcess.DoAsync(Token, "send", "turn on the kitchen light", "--port", $"{port}");
        Assert.Equal((ExitCode.Ok, "Kitchen light is on."), (exitCode, output));
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start_with_78_and_a_line_for_each_fault()
    {
        string settings = await EdgeProcess.WriteAsync("mqtt:\n  port: 70000\n  prot: 1\ndevices: [{name: lamp, kind: light}]\n", Token);
        var (exitCode, output, errors) = await EdgeProcess.DoAsync(Token, "run", "--config", settings, "--model", EdgeProcess.ModelOrSkip());
        Assert.Equal((78, ""), (exitCode, output));
        string[] lines = errors.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("mqtt.port is 70000; use 1 to 65535 (edge.yaml, line 2).", lines[0]);
        Assert.All(lines, line => Assert.Matches(@"\(edge\.yaml, line \d\)\.?$", line));
    }

    [Fact]
    public async Task Without_settings_or_model_the_start_says_where_it_looked()
    {
        var (exitCode, _, errors) = await EdgeProcess.DoAsync(Token, "run", "--config", "none.yaml", "--model", "none");
        Assert.Equal(78, exitCode);
        string[] lines = errors.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("none.yaml does not exist", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("none has neither manifest.json", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_and_3()
    {
        await using var broker = await TestBroker.StartAsync();
        string settings = await EdgeProcess.WriteAsync($"{House}mqtt: {{port: {broker.Port}}}\nlogging: {{level: warning}}\n", Token);
        var (exitCode, _, errors) = await EdgeProcess.DoAsync(Token, "run", "--config", settings, "--model", EdgeProcess.ModelOrSkip());
        Assert.Equal(ExitCode.NoBroker, exitCode);
        Assert.StartsWith($"Port {broker.Port} on 127.0.0.1 is in use", Assert.Single(errors.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("send")]
    [InlineData("send", "on", "--port", "70000")]
    [InlineData("send", "on", "--id", "my home")]
    [InlineData("send", "on", "--timeout", "0")]
    [InlineData("sned", "on")]
    [InlineData("run", "--confg", "x")]
    public async Task A_wrong_command_line_is_2_and_says_where_help_is(params string[] arguments)
    {
        var (exitCode, output, errors) = await EdgeProcess.DoAsync(Token, arguments);
        Assert.Equal((ExitCode.Usage, ""), (exitCode, output));
        Assert.Matches(@"See `edge (send |run )?--help`\.$", errors);
    }

    [Fact]
    public async Task Send_without_a_broker_is_3_and_one_line()
    {
        int port = FreePort.Find();
        var (exitCode, output, errors) = await EdgeProcess.DoAsync(Token, "send", "on", "--port", $"{port}");
        Assert.Equal((ExitCode.NoBroker, ""), (exitCode, output));
        Assert.StartsWith($"No broker answers at 127.0.0.1:{port}", Assert.Single(errors.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_does_it_here_and_prints_one_object()
    {
        string settings = await EdgeProcess.WriteAsync(House, Token);
        var (exitCode, output, errors) = await EdgeProcess.DoAsync(Token, "ask", "turn on the kitchen light", "--json", "--config", settings, "--model", EdgeProcess.ModelOrSkip());
        Assert.Equal((ExitCode.Ok, ""), (exitCode, errors));
        using var reply = JsonDocument.Parse(output);
        Assert.Equal("ok", reply.RootElement.GetProperty("status").GetString());
        Assert.True(reply.RootElement.GetProperty("timing").GetProperty("modelSteps").GetInt32() > 0);
    }

    [Fact]
    public async Task Functions_prints_OpenAI_metadata()
    {
        string settings = await EdgeProcess.WriteAsync(House, Token);
        var (exitCode, output, _) = await EdgeProcess.DoAsync(Token, "functions", "--config", settings);
        Assert.Equal(ExitCode.Ok, exitCode);
        using var functions = JsonDocument.Parse(output);
        Assert.All(functions.RootElement.EnumerateArray(), f => Assert.Equal("function", f.GetProperty("type").GetString()));
    }
}
