using System.Buffers;
using System.Text.RegularExpressions;

namespace Edge.Runtime.Tokens.Bpe;

/// <summary>How a piece of text falls into smaller ones at the places that a pattern finds; merges never cross them.</summary>
/// <param name="Pattern">Applied to one char a character, see <see cref="StandIns"/>.</param>
/// <param name="Keep">What becomes of a match.</param>
/// <param name="Invert">What lies between matches is meant instead.</param>
internal sealed record SplitRule(Regex Pattern, SplitBehavior Keep, bool Invert)
{
    /// <summary>Replaces <paramref name="pieces"/>, ranges of <paramref name="text"/>, by what they fall into.</summary>
    public void Apply(ReadOnlySpan<char> text, List<(int Start, int Length)> pieces)
    {
        int count = pieces.Count;
        for (int i = 0; i < count; i++)
        {
            var (start, length) = pieces[i];
            var piece = text.Slice(start, length);
            if (StandIns.AreNeeded(piece))
            {
                SplitShown(piece, start, pieces);
            }
            else
            {
                Split(piece, start, [], pieces);
            }
        }

        pieces.RemoveRange(0, count);
    }

    private void SplitShown(ReadOnlySpan<char> piece, int offset, List<(int Start, int Length)> pieces)
    {
        char[] shown = ArrayPool<char>.Shared.Rent(piece.Length);
        int[] starts = ArrayPool<int>.Shared.Rent(piece.Length + 1);
        int count = StandIns.Show(piece, shown, starts);
        Split(shown.AsSpan(0, count), offset, starts, pieces);
        ArrayPool<char>.Shared.Return(shown);
        ArrayPool<int>.Shared.Return(starts);
    }

    private void Split(ReadOnlySpan<char> shown, int offset, ReadOnlySpan<int> starts, List<(int Start, int Length)> pieces)
    {
        var segments = Segments(shown);
        for (int i = 0; i < segments.Count; i++)
        {
            var (from, to, isMatch) = segments[i];
            if (Keep is SplitBehavior.MergedWithNext or SplitBehavior.MergedWithPrevious
                && isMatch == (Keep == SplitBehavior.MergedWithNext) && i + 1 < segments.Count && segments[i + 1].IsMatch != isMatch)
            {
                to = segments[++i].To;
            }
            else if (Keep == SplitBehavior.Removed && isMatch)
            {
                continue;
            }

            int start = starts.IsEmpty ? from : starts[from];
            int end = starts.IsEmpty ? to : starts[to];
            pieces.Add((offset + start, end - start));
        }
    }

    private List<(int From, int To, bool IsMatch)> Segments(ReadOnlySpan<char> shown)
    {
        var segments = new List<(int From, int To, bool IsMatch)>();
        int at = 0;
        foreach (var match in Pattern.EnumerateMatches(shown))
        {
            Add(at, match.Index, Invert);
            Add(match.Index, match.Index + match.Length, !Invert);
            at = match.Index + match.Length;
        }

        Add(at, shown.Length, Invert);
        return segments;

        void Add(int from, int to, bool isMatch)
        {
            if (from < to)
            {
                segments.Add((from, to, isMatch));
            }
        }
    }
}

/// <summary>What becomes of a match.</summary>
internal enum SplitBehavior
{
    /// <summary>A piece of its own.</summary>
    Isolated,

    /// <summary>Left out.</summary>
    Removed,

    /// <summary>The end of the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>The start of the piece behind it.</summary>
    MergedWithNext,
}
