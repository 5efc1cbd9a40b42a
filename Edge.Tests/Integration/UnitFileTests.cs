using System.Diagnostics;
using System.Globalization;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>The unit, as systemd itself judges it.</summary>
public sealed class UnitFileTests
{
    private static string Unit => Path.Combine(Repository.Root, "deploy", "systemd", "edge.service");

    [Fact]
    public async Task The_unit_is_exposed_to_little()
    {
        var (_, text) = await AnalyzeAsync("security", "--offline=true", "--threshold=20", Unit);
        string line = text.Split('\n').Last(l => l.Contains("Overall exposure level", StringComparison.Ordinal));
        double exposure = double.Parse(line.Split(':')[^1].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(exposure, 0.1, 2.0);
    }

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_the_unit()
    {
        // What it starts is not installed here.
        using var folder = new TemporaryFolder();
        string copy = folder.File("edge.service");
        await File.WriteAllTextAsync(copy, (await File.ReadAllTextAsync(Unit, TestContext.Current.CancellationToken)).Replace("/usr/bin/edge", "/bin/true", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (code, text) = await AnalyzeAsync("verify", "--man=false", copy);
        Assert.True(code == 0, text);
        Assert.DoesNotContain(copy, text);
    }

    [Theory]
    [InlineData("Type=notify")]
    [InlineData("RestartPreventExitStatus=78")]
    [InlineData("ExecStopPost=/usr/bin/edge safe --config /etc/edge/edge.yaml")]
    [InlineData("DevicePolicy=closed")]
    public async Task The_unit_says(string line) => Assert.Contains(line, await File.ReadAllLinesAsync(Unit, TestContext.Current.CancellationToken));

    private static async Task<(int Code, string Text)> AnalyzeAsync(params string[] arguments)
    {
        const string tool = "/usr/bin/systemd-analyze";
        Assert.SkipUnless(File.Exists(tool), "systemd-analyze is not installed.");
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
