using System.Diagnostics;
using System.Text.RegularExpressions;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Offline, as the kernel saw it: which files the program wrote and whom it spoke to.</summary>
public sealed partial class QuietTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_writes_nothing_and_opens_no_socket_to_anybody()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed.");
        using var folder = new TemporaryFolder();
        string home = Directory.CreateDirectory(folder.File("home")).FullName, trace = folder.File("trace");
        await File.WriteAllTextAsync(folder.File("edge.yaml"), "gpio: {driver: simulated}\ndevices: [{name: lamp, kind: light, line: 17}]\n", Cancelled);
        var start = new ProcessStartInfo("/usr/bin/strace",
            ["-f", "-qq", "-o", trace, "-e", "trace=openat,open,creat,mkdir,mkdirat,rename,renameat2,connect,sendto", Program(), "ask", "turn on the lamp", "--config", folder.File("edge.yaml"), "--model", EdgeProcess.ModelOrSkip()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };

        Apply(Alone(home, folder.FullName), start);
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(Cancelled), errors = await process.StandardError.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        Assert.SkipWhen(errors.Contains("ptrace", StringComparison.Ordinal), "strace may not trace here.");
        Assert.True(process.ExitCode == 0, output + errors);

        string[] calls = await File.ReadAllLinesAsync(trace, Cancelled);
        Assert.Contains(calls, c => c.Contains("libonnxruntime", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(home));
        Assert.DoesNotContain(calls, c => c.Contains("sa_family=AF_INET", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, c => Writes().IsMatch(c) && !Allowed().IsMatch(c));
    }

    /// <summary>The socket tables of the kernel name every socket that a process holds: not one but the broker's, at any look.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_running_service_holds_no_socket_but_the_broker_s_and_writes_nothing(bool embedded)
    {
        await using var broker = await TestBroker.StartAsync();
        int port = embedded ? FreePort.Find() : broker.Port;
        using var folder = new TemporaryFolder();
        string home = Directory.CreateDirectory(folder.File("home")).FullName, temporary = Directory.CreateDirectory(folder.File("tmp")).FullName;
        await using var edge = await EdgeProcess.RunAsync(
            $"gpio: {{driver: simulated}}\nmqtt: {{embedded: {(embedded ? "true" : "false")}, port: {port}}}\ndevices: [{{name: lamp, kind: light, line: 17}}]\n", Cancelled, Alone(home, temporary));
        await using var client = await (await TestClient.ConnectAsync(port, Cancelled)).SubscribeAsync("edge/home/reply", Cancelled);
        var seen = new HashSet<string>();
        for (int i = 0; i < 10; i++)
        {
            await client.PublishAsync("edge/home/command", $$"""{"id":"{{i}}","text":"turn {{(i % 2 == 0 ? "on" : "off")}} the lamp"}""", Cancelled);
            await client.NextAsync(Cancelled);
            seen.UnionWith(Sockets.Of(edge.Id));
        }

        // What is proved is that the program itself switches it off, where ONNX Runtime would be at work.
        string[] began = (await File.ReadAllTextAsync($"/proc/{edge.Id}/environ", Cancelled)).Split('\0');
        Assert.DoesNotContain(began, v => v.StartsWith("ORT_DISABLE_TELEMETRY", StringComparison.Ordinal) || v.StartsWith("CI=", StringComparison.Ordinal));
        Assert.Contains("libonnxruntime", await File.ReadAllTextAsync($"/proc/{edge.Id}/maps", Cancelled));

        string at = $"127.0.0.1:{port}";
        Assert.Contains(seen, s => s.StartsWith("tcp ", StringComparison.Ordinal) && s.EndsWith($" to {at}", StringComparison.Ordinal));
        Assert.Equal(embedded, seen.Contains($"tcp {at} listens"));
        Assert.All(seen, s => Assert.Matches($"^tcp ({at} listens|{at} to 127.0.0.1:[0-9]+|127.0.0.1:[0-9]+ to {at})$", s));
        await edge.SignalAsync("TERM", Cancelled);
        Assert.Equal(0, (await edge.EndAsync(Cancelled)).ExitCode);
        Assert.All((string[])[home, temporary, edge.Folder], f => Assert.Empty(Directory.EnumerateFileSystemEntries(f)));
    }

    /// <summary>Nor for a moment between two looks.</summary>
    [Fact]
    public async Task A_running_service_calls_and_is_called_at_the_broker_s_port_alone()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed.");
        using var folder = new TemporaryFolder();
        int port = FreePort.Find();
        string trace = folder.File("trace");
        await File.WriteAllTextAsync(folder.File("edge.yaml"), $"gpio: {{driver: simulated}}\nmqtt: {{port: {port}}}\ndevices: [{{name: lamp, kind: light, line: 17}}]\n", Cancelled);
        var start = new ProcessStartInfo("/usr/bin/strace",
            ["-f", "-qq", "-o", trace, "-e", "trace=connect,bind,sendto,sendmsg", Program(), "run", "--config", folder.File("edge.yaml"), "--model", EdgeProcess.ModelOrSkip()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };
        Apply(Alone(folder.FullName, folder.FullName), start);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Cancelled);
        try
        {
            string? line;
            do
            {
                line = await process.StandardOutput.ReadLineAsync(Cancelled);
            }
            while (line is not null && !line.StartsWith("  Ctrl-C stops it", StringComparison.Ordinal));

            if (line is null)
            {
                string why = await errors;
                Assert.SkipWhen(why.Contains("ptrace", StringComparison.Ordinal), "strace may not trace here.");
                Assert.Fail(why);
            }

            await using var client = await (await TestClient.ConnectAsync(port, Cancelled)).SubscribeAsync("edge/home/reply", Cancelled);
            await client.PublishAsync("edge/home/command", "turn on the lamp", Cancelled);
            await client.NextAsync(Cancelled);

            string traced = (await File.ReadAllTextAsync($"/proc/{process.Id}/task/{process.Id}/children", Cancelled)).Trim();
            using var kill = Process.Start("/bin/kill", ["-s", "TERM", traced]);
            await process.WaitForExitAsync(Cancelled).WaitAsync(TimeSpan.FromMinutes(1), Cancelled);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        string[] calls = [.. (await File.ReadAllLinesAsync(trace, Cancelled)).Where(c => c.Contains("sa_family=AF_", StringComparison.Ordinal))];
        Assert.Contains(calls, c => c.Contains("bind(", StringComparison.Ordinal));
        Assert.Contains(calls, c => c.Contains("connect(", StringComparison.Ordinal));
        Assert.All(calls, c => Assert.Matches($@"port=htons\({port}\).*127\.0\.0\.1", c));
    }

    /// <summary>The tests above mean something only if they would see ONNX Runtime's telemetry: here Edge's switch is hidden from it, without a network.</summary>
    [Fact]
    public async Task Without_Edge_s_switch_ONNX_Runtime_would_write_into_the_home_folder()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/cc") && File.Exists("/usr/bin/unshare"), "cc or unshare is not installed.");
        using var folder = new TemporaryFolder();
        string home = Directory.CreateDirectory(folder.File("home")).FullName, library = folder.File("hidden.so");
        await File.WriteAllTextAsync(folder.File("hidden.c"), """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <string.h>
            char *getenv(const char *name)
            {
                char *(*real)(const char *) = dlsym(RTLD_NEXT, "getenv");
                return strcmp(name, "ORT_DISABLE_TELEMETRY") ? real(name) : 0;
            }
            """, Cancelled);
        await File.WriteAllTextAsync(folder.File("edge.yaml"), "gpio: {driver: simulated}\ndevices: [{name: lamp, kind: light, line: 17}]\n", Cancelled);
        Assert.Equal(0, (await DoAsync(new ProcessStartInfo("/usr/bin/cc", ["-shared", "-fPIC", "-o", library, folder.File("hidden.c"), "-ldl"]))).Code);
        var (alone, why) = await DoAsync(new ProcessStartInfo("/usr/bin/unshare", ["--user", "--map-root-user", "--net", "true"]));
        Assert.SkipUnless(alone == 0, $"No namespace without a network may be made here: {why}");

        var start = new ProcessStartInfo("/usr/bin/unshare",
            ["--user", "--map-root-user", "--net", Program(), "ask", "turn on the lamp", "--config", folder.File("edge.yaml"), "--model", EdgeProcess.ModelOrSkip()])
        {
            WorkingDirectory = folder.FullName,
        };
        Apply([.. Alone(home, folder.FullName), ("LD_PRELOAD", library)], start);
        var (code, text) = await DoAsync(start);
        Assert.True(code == 0, text);
        Assert.NotEmpty(Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories));
    }

    /// <summary>As on an owner's board: ONNX Runtime keeps quiet by itself where it believes to be in CI; and .NET's own diagnostics socket is not Edge's.</summary>
    private static (string Name, string? Value)[] Alone(string home, string temporary) =>
    [
        ("CI", null), ("GITHUB_ACTIONS", null), ("TF_BUILD", null), ("ORT_DISABLE_TELEMETRY", null), ("XDG_CACHE_HOME", null), ("XDG_CONFIG_HOME", null), ("XDG_DATA_HOME", null),
        ("HOME", home), ("TMPDIR", temporary), ("DOTNET_EnableDiagnostics", "0"),
    ];

    private static void Apply((string Name, string? Value)[] environment, ProcessStartInfo start)
    {
        foreach (var (name, value) in environment)
        {
            start.Environment.Remove(name);
            if (value is not null)
            {
                start.Environment[name] = value;
            }
        }
    }

    private static async Task<(int Code, string Text)> DoAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Cancelled);
        string output = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        return (process.ExitCode, output + await errors);
    }

    private static string Program() => Path.Combine(AppContext.BaseDirectory, "edge");

    [GeneratedRegex("O_WRONLY|O_RDWR|O_CREAT|mkdir|rename")]
    private static partial Regex Writes();

    // What the runtime opens to write: the terminal, and memory that it shares with itself.
    [GeneratedRegex("\"/dev/(null|tty|pts/[^\"]*)\"|\"/proc/self/[^\"]*\"|\"/tmp/clr-debug-pipe|ENOENT|memfd:|\"/dev/shm/")]
    private static partial Regex Allowed();
}
