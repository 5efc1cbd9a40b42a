namespace Edge.Functions.Displays;

/// <summary>Puts text into rows and rows onto pages. Pure.</summary>
public static class TextLayout
{
    /// <summary>Breaks at spaces; a word longer than a row is cut. Control characters become spaces: a name must not move a cursor.</summary>
    public static IReadOnlyList<string> Wrap(string text, int columns)
    {
        var rows = new List<string>();
        string row = "";
        string plain = string.Create(text.Length, text, (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) || char.IsWhiteSpace(from[i]) ? ' ' : from[i];
            }
        });
        foreach (string word in plain.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string left = word;
            if (row.Length > 0 && row.Length + 1 + left.Length > columns)
            {
                rows.Add(row);
                row = "";
            }

            while (left.Length > columns)
            {
                rows.Add(left[..columns]);
                left = left[columns..];
            }

            row = row.Length == 0 ? left : $"{row} {left}";
        }

        if (row.Length > 0)
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>A name on the left, its state on the right; the name gives way.</summary>
    public static string Line(string name, string state, int columns)
    {
        state = state.Length > columns ? state[..columns] : state;
        int room = columns - state.Length - 1;
        return room <= 0 ? state : $"{(name.Length > room ? name[..room] : name).PadRight(room)} {state}";
    }

    /// <summary>As many pages as it takes; one blank page for nothing.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Pages(IReadOnlyList<string> lines, int rows) =>
        lines.Count == 0 ? [[]] : [.. lines.Chunk(rows)];
}
