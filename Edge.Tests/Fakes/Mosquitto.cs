using System.Diagnostics;
using Xunit;

namespace Edge.Tests.Fakes;

/// <summary>A real mosquitto, started for one test. Where it is not installed the test is skipped, except in CI, which must have it.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private Mosquitto(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <param name="settings">More lines of mosquitto.conf; null lets everybody in.</param>
    public static async Task<Mosquitto> StartAsync(CancellationToken cancellationToken, int? port = null, string? settings = null)
    {
        string program = Find("mosquitto");
        int at = port ?? FreePort.Find();
        string config = Path.Combine(TemporaryFolder.Create(), "mosquitto.conf");
        await File.WriteAllTextAsync(config, $"listener {at} 127.0.0.1\n{settings ?? "allow_anonymous true"}\n", cancellationToken);
        var process = Process.Start(new ProcessStartInfo(program, ["-v", "-c", config]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var mosquitto = new Mosquitto(process, at);
        string? line;
        do
        {
            line = await process.StandardError.ReadLineAsync(cancellationToken);
            Assert.True(line is not null, "mosquitto ended before it was running.");
        }
        while (!line!.Contains("running", StringComparison.Ordinal));

        // The pipe must be drained, or mosquitto would stop at a full one.
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return mosquitto;
    }

    /// <summary>Runs one of mosquitto's own clients to its end and gives what it printed.</summary>
    public Task<string> RunClientAsync(string client, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(client, ["-h", "127.0.0.1", "-p", $"{Port}", .. arguments], cancellationToken);

    /// <summary>Runs one of mosquitto's programs to its end and gives what it printed.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(Find(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken).WaitAsync(Patience, TimeProvider.System, cancellationToken);
            await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, TimeProvider.System, cancellationToken);
            return output.TrimEnd();
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Ends it as an owner would: it writes down its sessions first, if it was told to.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("/bin/kill", ["-s", "TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Skips the test where a program is not installed; fails it in CI.</summary>
    public static void Demand(string program) => Find(program);

    private static string Find(string program)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
        if (path is null && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"{program} is not installed; CI needs it (apt-get install mosquitto mosquitto-clients).");
        }

        Assert.SkipWhen(path is null, $"{program} is not installed (apt-get install mosquitto mosquitto-clients).");
        return path!;
    }
}
