using System.Globalization;

namespace Edge.Functions.Audit;

/// <summary>The log's files in their order: <c>audit-000000000001.jsonl</c> is named after its first line.</summary>
internal static class AuditFiles
{
    private const string Prefix = "audit-";
    private const string Suffix = ".jsonl";

    public static string Name(long first) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{first:000000000000}{Suffix}");

    /// <summary>Oldest first; empty where there is no folder.</summary>
    public static IReadOnlyList<string> In(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, Prefix + "*" + Suffix).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The lines of a file, and whether the last one ends as it should. A file holds at most its size limit and one line.</summary>
    public static IEnumerable<(byte[] Line, bool IsWhole)> Lines(string path)
    {
        byte[] bytes = Bytes(path);
        for (int start = 0; start < bytes.Length;)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            yield return (bytes[start..(length < 0 ? bytes.Length : start + length)], length >= 0);
            start = length < 0 ? bytes.Length : start + length + 1;
        }
    }

    /// <summary>Also while a running service writes it.</summary>
    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
