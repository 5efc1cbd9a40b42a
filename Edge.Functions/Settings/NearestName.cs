namespace Edge.Functions.Settings;

/// <summary>What a misspelled name was perhaps meant to be.</summary>
public static class NearestName
{
    /// <summary>Longer names are not compared: the work grows with the product of the lengths.</summary>
    private const int LengthMax = 64;

    /// <summary>The known name with the fewest edits; null when even that one differs in more than a third of its letters.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        int fewest = int.MaxValue;
        foreach (string candidate in known)
        {
            int editsMax = Math.Max(1, Math.Max(name.Length, candidate.Length) / 3);
            int edits = Edits(name, candidate);
            if (edits <= editsMax && edits < fewest)
            {
                (nearest, fewest) = (candidate, edits);
            }
        }

        return nearest;
    }

    /// <summary>Levenshtein's distance, without regard to case; a swap of two neighbours counts as one edit.</summary>
    private static int Edits(string a, string b)
    {
        if (a.Length > LengthMax || b.Length > LengthMax)
        {
            return int.MaxValue;
        }

        var rows = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                rows[i, j] = i == 0 ? j : j == 0 ? i : Cheapest(rows, a, b, i, j);
            }
        }

        return rows[a.Length, b.Length];
    }

    private static int Cheapest(int[,] rows, string a, string b, int i, int j)
    {
        int replace = rows[i - 1, j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
        int edits = Math.Min(replace, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
        bool swapped = i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]);
        return swapped ? Math.Min(edits, rows[i - 2, j - 2] + 1) : edits;
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
