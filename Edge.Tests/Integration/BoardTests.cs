using System.Net.Http;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>What a board asks of the program itself.</summary>
public sealed class BoardTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kernels_compute_right_and_sentences_give_the_calls_that_were_looked_over()
    {
        string folder = Path.Combine(Repository.Root, ".ci", "emulated");
        var (code, output, errors) = await EdgeProcess.DoAsync(
            Cancelled, "self-test", "--config", Path.Combine(Repository.Root, "edge.yaml"), "--model", EdgeProcess.ModelOrSkip(), "--sentences", Path.Combine(folder, "sentences.txt"));
        Assert.True(code == 0, output + errors);
        Assert.DoesNotContain("FAIL", output);
        Assert.Equal(
            (await File.ReadAllTextAsync(Path.Combine(folder, "calls.txt"), Cancelled)).TrimEnd(),
            output[output.IndexOf("> ", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task In_the_journal_every_line_has_its_priority()
    {
        await using var edge = await EdgeProcess.RunAsync(
            $"gpio: {{driver: simulated}}\nmqtt: {{port: {FreePort.Find()}}}\ndevices: [{{name: lamp, kind: light, line: 17}}]\n", Cancelled, ("JOURNAL_STREAM", "1:1"));
        await edge.SignalAsync("TERM", Cancelled);
        var (code, errors) = await edge.EndAsync(Cancelled);
        Assert.Equal(0, code);
        Assert.All(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("^<[3-7]>", line));
        Assert.Contains("<6>Edge.Functions.House[1205]", errors);
    }

    [Fact]
    public async Task Metrics_are_served_on_loopback_and_health_says_that_all_is_well()
    {
        int port = FreePort.Find(), metrics = FreePort.Find();
        string settings = $"gpio: {{driver: simulated}}\nmqtt: {{port: {port}}}\nmetrics: {{port: {metrics}}}\ndevices: [{{name: lamp, kind: light, line: 17}}]\n";
        using var folder = new TemporaryFolder();
        string config = folder.File("edge.yaml");
        await File.WriteAllTextAsync(config, settings, Cancelled);

        var (down, _, why) = await EdgeProcess.DoAsync(Cancelled, "health", "--config", config);
        Assert.Equal(3, down);
        Assert.StartsWith($"No broker answers at 127.0.0.1:{port}", why);

        await using var edge = await EdgeProcess.RunAsync(settings, Cancelled);
        await EdgeProcess.DoAsync(Cancelled, "send", "turn on the lamp", "--config", config);
        using var web = new HttpClient();
        string text = await web.GetStringAsync($"http://127.0.0.1:{metrics}/metrics", Cancelled);
        Assert.Contains("edge_commands_total{status=\"ok\"} 1\n", text);
        Assert.Contains("edge_broker_connected 1\n", text);
        var (up, line, _) = await EdgeProcess.DoAsync(Cancelled, "health", "--config", config);
        Assert.Equal(0, up);
        Assert.StartsWith("Edge \"home\" is online: edge-38m, 4 bits, up ", line);
    }
}
