using Edge.Functions.Audit;
using Edge.Runtime.Hosting;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>
/// The program itself, killed with SIGKILL in mid-pulse: an owner's function holds a line for a time, blinds travel, a lamp is on. Its simulated chip keeps levels in a file, each write a
/// line, so that a line left on stays on, and the order of what came after can be read.
/// </summary>
public sealed class KilledTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The first that a start writes: every output, in the order of edge.yaml.</summary>
    private static readonly string[] Safe = ["17 low", "22 low", "23 low", "27 low"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Levels => Path.Combine(_folder.FullName, "levels");

    private string Audit => Path.Combine(_folder.FullName, "audit");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_next_start_makes_lines_safe_before_anything_else()
    {
        await KillInMidPulseAsync();

        // A model that cannot be opened: the next start gets no further, and the lines are safe all the same.
        string config = await EdgeProcess.WriteAsync(Yaml(1), Token);
        string model = Directory.CreateDirectory(Path.Combine(_folder.FullName, "model")).FullName;
        foreach (string file in Directory.EnumerateFiles(EdgeProcess.ModelOrSkip()))
        {
            string copy = Path.Combine(model, Path.GetFileName(file));
            if (file.EndsWith(".onnx", StringComparison.Ordinal) || file.EndsWith(".data", StringComparison.Ordinal))
            {
                await File.WriteAllTextAsync(copy, "broken", Token);
            }
            else
            {
                File.Copy(file, copy);
            }
        }

        int before = (await File.ReadAllLinesAsync(Levels, Token)).Length;
        var (exitCode, _, _) = await EdgeProcess.DoAsync(Token, "run", "--config", config, "--model", model);
        Assert.NotEqual(ExitCode.Ok, exitCode);
        string[] after = (await File.ReadAllLinesAsync(Levels, Token))[before..];
        Assert.Equal(Safe, after.Take(Safe.Length));
        Assert.DoesNotContain(after, line => line.EndsWith("high", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_next_start_goes_on_with_a_whole_log_and_serves()
    {
        await KillInMidPulseAsync();
        int before = (await File.ReadAllLinesAsync(Levels, Token)).Length;
        await using var broker = await TestBroker.StartAsync();
        await using var edge = await EdgeProcess.RunAsync(Yaml(broker.Port), Token);
        Assert.Equal(Safe, (await File.ReadAllLinesAsync(Levels, Token))[before..].Take(Safe.Length));
        await edge.SignalAsync("TERM", Token);
        await edge.EndAsync(Token);
        Assert.Empty(AuditReader.Verify(Audit).Faults);
    }

    [Fact]
    public async Task The_verb_safe_does_it_without_a_start()
    {
        await KillInMidPulseAsync();
        int before = (await File.ReadAllLinesAsync(Levels, Token)).Length;
        var (exitCode, output, _) = await EdgeProcess.DoAsync(Token, "safe", "--config", await EdgeProcess.WriteAsync(Yaml(1), Token));
        Assert.Equal((ExitCode.Ok, "3 outputs are at their safe values."), (exitCode, output));
        Assert.Equal(Safe, (await File.ReadAllLinesAsync(Levels, Token))[before..].Take(Safe.Length));
    }

    private async Task KillInMidPulseAsync()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var edge = await EdgeProcess.RunAsync(Yaml(broker.Port), Token);
        await using var client = await TestClient.ConnectAsync(broker.Port, Token);
        await client.PublishAsync("edge/home/devices/lamp/set", "on", Token);
        await client.PublishAsync("edge/home/devices/blinds/set", "open", Token);
        await client.PublishAsync("edge/home/command", "open the garden gate", Token);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!Last(17) || !Last(22) || !Last(27))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        // The blinds travel for a minute and the pulse lasts as long; both have hardly begun.
        await edge.SignalAsync("KILL", Token);
        await edge.EndAsync(Token);
        Assert.Equal((true, true, true), (Last(17), Last(22), Last(27)));
        Assert.Contains(AuditReader.Last(Audit, 100), l => l.Entry.GetProperty("call").GetString() == "open_gate" && l.Entry.GetProperty("kind").GetString() == "permit");
    }

    /// <summary>How the line was left.</summary>
    private bool Last(int line)
    {
        using var reader = new StreamReader(new FileStream(Levels, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n').LastOrDefault(l => l.StartsWith($"{line} ", StringComparison.Ordinal))?.EndsWith("high", StringComparison.Ordinal) == true;
    }

    private string Yaml(int port) => $$"""
        devices:
          - {name: lamp, kind: light, line: 17}
          - {name: blinds, kind: cover, open: 22, close: 23, travel: 60s}
          - {name: strike, kind: switch, line: 27, pulseMax: 60s}
        functions:
          - {name: open_gate, description: Open the garden gate, action: {pulse: strike, for: 60s} }
        gpio: {driver: simulated, levels: {{Levels}}}
        audit: {folder: {{Audit}}}
        mqtt: {embedded: false, port: {{port}}}
        """;
}
