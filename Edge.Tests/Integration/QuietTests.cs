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

        // ONNX Runtime keeps quiet by itself where it believes to be in CI; and .NET's own diagnostics socket is not Edge's.
        start.Environment.Remove("CI");
        start.Environment.Remove("GITHUB_ACTIONS");
        start.Environment.Remove("TF_BUILD");
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        start.Environment["HOME"] = home;
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(home, ".cache");
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
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

    private static string Program() => Path.Combine(AppContext.BaseDirectory, "edge");

    [GeneratedRegex("O_WRONLY|O_RDWR|O_CREAT|mkdir|rename")]
    private static partial Regex Writes();

    // What the runtime opens to write: the terminal, and memory that it shares with itself.
    [GeneratedRegex("\"/dev/(null|tty|pts/[^\"]*)\"|\"/proc/self/[^\"]*\"|\"/tmp/clr-debug-pipe|ENOENT|memfd:|\"/dev/shm/")]
    private static partial Regex Allowed();
}
