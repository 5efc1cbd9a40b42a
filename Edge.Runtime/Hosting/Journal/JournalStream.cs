using System.Globalization;
using System.Runtime.InteropServices;

namespace Edge.Runtime.Hosting.Journal;

/// <summary>
/// Whether what this process writes goes to the journal: JOURNAL_STREAM holds device and inode of the stream that systemd gave it, and
/// somebody may have sent it elsewhere since. Source: systemd.exec(5), JOURNAL_STREAM.
/// </summary>
internal static partial class JournalStream
{
    public const string Variable = "JOURNAL_STREAM";
    private const int StandardError = 2;
    private const int EmptyPath = 0x1000;
    private const uint Inode = 0x100;

    public static bool IsStandardError() => Is(Environment.GetEnvironmentVariable(Variable), StandardError);

    /// <param name="stream">As in the variable: <c>device:inode</c>, decimal; null for none.</param>
    internal static bool Is(string? stream, int descriptor) =>
        stream?.Split(':') is [var device, var inode]
        && ulong.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out ulong wantedDevice)
        && ulong.TryParse(inode, NumberStyles.None, CultureInfo.InvariantCulture, out ulong wantedInode)
        && OperatingSystem.IsLinux()
        && StatX(descriptor, "", EmptyPath, Inode, out var found) == 0
        && found.Inode == wantedInode
        && DeviceOf(found) == wantedDevice;

    // makedev(3) of the GNU C library.
    private static ulong DeviceOf(in Stat stat) =>
        (stat.DeviceMinor & 0xffUL) | ((stat.DeviceMajor & 0xfffUL) << 8) | ((stat.DeviceMinor & ~0xffUL) << 12) | ((stat.DeviceMajor & ~0xfffUL) << 32);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out Stat stat);

    /// <summary>struct statx, the same on every architecture. Source: statx(2).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Stat
    {
        [FieldOffset(32)]
        public readonly ulong Inode;

        [FieldOffset(136)]
        public readonly uint DeviceMajor;

        [FieldOffset(140)]
        public readonly uint DeviceMinor;
    }
}
