using System.Diagnostics;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>The program itself, writing to a journal: in a mount namespace of its own, where a socket of the test's stands at journald's place.</summary>
public sealed class JournalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_is_found_in_the_journal_by_its_id()
    {
        using var journal = new FakeJournal();
        using var folder = new TemporaryFolder();
        string config = folder.File("edge.yaml"), model = EdgeProcess.ModelOrSkip();
        int port = FreePort.Find();
        await File.WriteAllTextAsync(config, $"gpio: {{driver: simulated}}\nmqtt: {{port: {port}}}\ndevices: [{{name: lamp, kind: light, line: 17}}]\n", Token);
        const string inside = """
            mount -t tmpfs edge-test /run && mkdir -p /run/systemd/journal && mount --bind "$1" /run/systemd/journal || exit 99
            shift
            export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2)
            exec "$@"
            """;
        var start = new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", inside, "sh", journal.Folder, Path.Combine(AppContext.BaseDirectory, "edge"), "run", "--config", config, "--model", model])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };
        Assert.SkipUnless(File.Exists("/usr/bin/unshare"), "unshare is not installed.");
        using var edge = Process.Start(start)!;
        try
        {
            var errors = edge.StandardError.ReadToEndAsync(Token);
            string? line;
            do
            {
                line = await edge.StandardOutput.ReadLineAsync(Token);
            }
            while (line is not null && !line.StartsWith("  Ctrl-C stops it", StringComparison.Ordinal));

            if (line is null)
            {
                await edge.WaitForExitAsync(Token);
                string why = await errors;
                Assert.SkipWhen(edge.ExitCode is 99 or 1 && (why.Contains("unshare:", StringComparison.Ordinal) || why.Contains("mount:", StringComparison.Ordinal)), $"No namespace may be made here: {why}");
                Assert.Fail(why);
            }

            await using var client = await TestClient.ConnectAsync(port, Token);
            await client.PublishAsync("edge/home/command", """{"id":"hall-17","text":"turn on the lamp"}""", Token);
            IReadOnlyDictionary<string, string> record;
            do
            {
                record = await journal.NextAsync(Token);
                Assert.Equal("edge", record["SYSLOG_IDENTIFIER"]);
            }
            while (record.GetValueOrDefault("EDGE_ID") != "hall-17");

            Assert.Equal("ok", record["EDGE_STATUS"]);
            Assert.Equal("Edge.Runtime.Commands.CommandWorker", record["LOGGER"]);
            Assert.Contains("lamp", record["EDGE_CALLS"]);
            Assert.True(double.Parse(record["EDGE_TOTAL_MS"], System.Globalization.CultureInfo.InvariantCulture) > 0);
            using var kill = Process.Start("/bin/kill", ["-s", "TERM", $"{edge.Id}"]);
            await edge.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromMinutes(1), Token);

            // Everything goes to the journal; the stream would show it twice.
            Assert.Equal("", await errors);
        }
        finally
        {
            if (!edge.HasExited)
            {
                edge.Kill();
            }
        }
    }
}
