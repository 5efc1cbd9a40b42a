namespace Edge.Functions.Audit;

/// <summary>Reads a log back and proves its chain.</summary>
public static class AuditReader
{
    /// <param name="Entries">Whole lines whose hash is right.</param>
    /// <param name="First">The number of the oldest line kept; 0 for none.</param>
    /// <param name="Head">The last line's hash.</param>
    /// <param name="Faults">One sentence each; none: the chain is whole.</param>
    /// <param name="Torn">Lines cut off in the middle, as a power cut leaves them; nothing was acted on after them.</param>
    public sealed record Proof(long Entries, long First, string Head, IReadOnlyList<string> Faults, int Torn);

    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Proof Verify(string folder)
    {
        var faults = new List<string>();
        long count = 0, first = 0, number = 0;
        int torn = 0;
        string? head = null;
        foreach (string path in AuditFiles.In(folder))
        {
            int lineNumber = 0;
            foreach (var (line, isWhole) in AuditFiles.Lines(path))
            {
                lineNumber++;
                if (!isWhole)
                {
                    torn++;
                    continue;
                }

                string place = $"{Path.GetFileName(path)}, line {lineNumber}";
                if (AuditLine.Parse(line) is not { } read)
                {
                    faults.Add($"A line was changed or is none of this log ({place}).");
                    continue;
                }

                if (head is null)
                {
                    first = read.Number;
                    if (read.Number == 1 && read.Previous != AuditLine.NoHash)
                    {
                        faults.Add($"The first line claims one before it ({place}).");
                    }
                }
                else if (read.Number != number + 1 || read.Previous != head)
                {
                    faults.Add($"Entry {read.Number} does not follow on entry {number}; lines were removed, added or changed ({place}).");
                }

                count++;
                number = read.Number;
                head = read.Hash;
            }
        }

        return new Proof(count, first, head ?? AuditLine.NoHash, faults, torn);
    }

    /// <summary>The last entries, oldest first; those whose hash is wrong are left out.</summary>
    public static IReadOnlyList<AuditLine.Read> Last(string folder, int countMax)
    {
        var last = new List<AuditLine.Read>();
        foreach (string path in AuditFiles.In(folder).Reverse())
        {
            last.InsertRange(0, AuditFiles.Lines(path).Select(l => AuditLine.Parse(l.Line)).OfType<AuditLine.Read>().TakeLast(countMax - last.Count));
            if (last.Count >= countMax)
            {
                break;
            }
        }

        return last;
    }
}
