using System.Globalization;

namespace Edge.Tests.Fakes;

/// <summary>What a process has in RAM, in bytes, as the kernel counts it. Source: proc_pid_status(5).</summary>
/// <param name="Anonymous">Its own pages (RssAnon): nothing else can give them back.</param>
/// <param name="Mapped">Pages of files (RssFile): the kernel drops them when memory is short.</param>
/// <param name="Peak">The most that was resident at any time (VmHWM).</param>
internal readonly record struct ProcessMemory(long Anonymous, long Mapped, long Peak)
{
    public static ProcessMemory Of(int processId)
    {
        var fields = File.ReadLines($"/proc/{processId}/status").Select(l => l.Split(':', 2)).ToDictionary(l => l[0], l => l[1]);
        long Bytes(string field) => 1024 * long.Parse(fields[field].AsSpan().Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
        return new ProcessMemory(Bytes("RssAnon"), Bytes("RssFile"), Bytes("VmHWM"));
    }

    public static ProcessMemory operator -(ProcessMemory left, ProcessMemory right) =>
        new(left.Anonymous - right.Anonymous, left.Mapped - right.Mapped, left.Peak - right.Peak);
}
