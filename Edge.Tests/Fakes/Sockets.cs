using System.Globalization;
using System.Net;

namespace Edge.Tests.Fakes;

/// <summary>The sockets that a process holds, by the kernel's tables. Source: proc_pid_fd(5), proc_pid_net(5).</summary>
internal static class Sockets
{
    private static readonly (string Table, int InodeColumn)[] Others = [("unix", 6), ("netlink", 9), ("packet", 8)];

    /// <returns><c>tcp 127.0.0.1:1883 listens</c>, <c>tcp 127.0.0.1:40000 to 127.0.0.1:1883</c>, <c>udp …</c>, <c>unix …</c>; <c>unknown</c> for a socket in no table.</returns>
    public static IReadOnlyList<string> Of(int process)
    {
        // Twice: what was opened or closed in between is in one of the two only.
        var before = Held(process);
        var tables = Tables(process);
        return [.. before.Intersect(Held(process)).Select(inode => tables.GetValueOrDefault(inode, "unknown"))];
    }

    private static HashSet<string> Held(int process)
    {
        var inodes = new HashSet<string>();
        foreach (var descriptor in new DirectoryInfo($"/proc/{process}/fd").EnumerateFileSystemInfos())
        {
            if (descriptor.LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal))
            {
                inodes.Add(target["socket:[".Length..^1]);
            }
        }

        return inodes;
    }

    private static Dictionary<string, string> Tables(int process)
    {
        var sockets = new Dictionary<string, string>();
        foreach (string table in (string[])["tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "icmp", "icmp6"])
        {
            foreach (string[] columns in Rows(process, table))
            {
                string local = Address(columns[1]), remote = Address(columns[2]);
                sockets[columns[9]] = $"{table.TrimEnd('6')} {local} {(table.StartsWith("tcp", StringComparison.Ordinal) && columns[3] == "0A" ? "listens" : "to " + remote)}";
            }
        }

        foreach (var (table, column) in Others)
        {
            foreach (string[] columns in Rows(process, table))
            {
                sockets[columns[column]] = $"{table} {string.Join(' ', columns[Math.Min(7, columns.Length)..])}";
            }
        }

        return sockets;
    }

    private static IEnumerable<string[]> Rows(int process, string table)
    {
        string file = $"/proc/{process}/net/{table}";
        return File.Exists(file) ? File.ReadAllLines(file).Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(c => c.Length > 6) : [];
    }

    /// <summary>Words of 32 bits in the machine's order, then the port.</summary>
    private static string Address(string text)
    {
        string[] parts = text.Split(':');
        byte[] address = [.. Convert.FromHexString(parts[0]).Chunk(4).SelectMany(word => BitConverter.IsLittleEndian ? word.Reverse() : word)];
        var ip = new IPAddress(address);
        return $"{(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip)}:{int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)}";
    }
}
