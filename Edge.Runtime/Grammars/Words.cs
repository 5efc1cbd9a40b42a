namespace Edge.Runtime.Grammars;

/// <summary>Texts of an expression, one by one.</summary>
internal sealed partial class Expressions
{
    /// <summary>Whether <paramref name="text"/> is one of the texts of <paramref name="id"/>.</summary>
    public bool Matches(int id, ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            id = Step(id, b);
        }

        return AcceptsEmpty(id);
    }

    /// <summary>All texts of <paramref name="id"/>, or null if there are more than <paramref name="most"/>.</summary>
    public List<byte[]>? Words(int id, int most)
    {
        var words = new List<byte[]>();
        var prefix = new List<byte>();
        return Collect(id) ? words : null;

        bool Collect(int state)
        {
            if (AcceptsEmpty(state))
            {
                words.Add([.. prefix]);
            }

            // No text of a listed value is longer; an endless one is found out here.
            if (words.Count > most || prefix.Count > 1024)
            {
                return false;
            }

            for (int r = 0, n = ByteRangeCount(state); r < n; r++)
            {
                var (first, last, target) = ByteRange(state, r);
                for (int b = first; b <= last; b++)
                {
                    prefix.Add((byte)b);
                    bool more = Collect(target);
                    prefix.RemoveAt(prefix.Count - 1);
                    if (!more)
                    {
                        return false;
                    }
                }
            }

            return true;
        }
    }
}
