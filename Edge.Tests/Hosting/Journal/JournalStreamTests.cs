using System.Diagnostics;
using Edge.Runtime.Hosting.Journal;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Hosting.Journal;

public sealed class JournalStreamTests
{
    [Fact]
    public void A_stream_is_known_by_its_device_and_inode()
    {
        using var folder = new TemporaryFolder();
        using var file = File.Create(folder.File("stream"));
        int descriptor = (int)file.SafeFileHandle.DangerousGetHandle();
        string[] stat = Stat(file.Name).Split(':');
        Assert.True(JournalStream.Is($"{stat[0]}:{stat[1]}", descriptor));
        Assert.False(JournalStream.Is($"{stat[0]}:{ulong.Parse(stat[1]) + 1}", descriptor));
        Assert.False(JournalStream.Is($"{ulong.Parse(stat[0]) + 1}:{stat[1]}", descriptor));
        Assert.False(JournalStream.Is($"{stat[0]}:{stat[1]}", 987_654));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1:2:3")]
    [InlineData("-1:2")]
    [InlineData("a:b")]
    public void What_names_no_stream_is_none(string? text) => Assert.False(JournalStream.Is(text, 2));

    private static string Stat(string file)
    {
        using var stat = Process.Start(new ProcessStartInfo("/usr/bin/stat", ["-c", "%d:%i", file]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim();
    }
}
