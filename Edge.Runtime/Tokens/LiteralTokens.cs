using System.Buffers;

namespace Edge.Runtime.Tokens;

/// <summary>
/// Strings that stand for one token wherever they are written: a template's special tokens, or the text symbols a model's
/// maker defined. The leftmost occurrence wins, and of those that start there the longest.
/// </summary>
internal sealed class LiteralTokens
{
    private readonly Dictionary<char, (string Text, int Id)[]> _byFirstChar; // each longest first: some vocabularies have thousands
    private readonly SearchValues<char> _firstChars;

    public LiteralTokens(IEnumerable<KeyValuePair<string, int>> tokens)
    {
        _byFirstChar = tokens.Where(t => t.Key.Length > 0).GroupBy(t => t.Key[0])
            .ToDictionary(g => g.Key, g => g.Select(t => (t.Key, t.Value)).OrderByDescending(t => t.Key.Length).ToArray());
        _firstChars = SearchValues.Create([.. _byFirstChar.Keys]);
    }

    /// <summary>The next token in <paramref name="text"/>: where it starts, how many chars it takes, its id.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int start, out int length, out int id)
    {
        for (start = 0; start < text.Length; start++)
        {
            int skipped = text[start..].IndexOfAny(_firstChars);
            if (skipped < 0)
            {
                break;
            }

            start += skipped;
            if (TryMatch(text[start..], out length, out id))
            {
                return true;
            }
        }

        (start, length, id) = (text.Length, 0, -1);
        return false;
    }

    private bool TryMatch(ReadOnlySpan<char> text, out int length, out int id)
    {
        foreach (var (literal, literalId) in _byFirstChar[text[0]])
        {
            if (text.StartsWith(literal, StringComparison.Ordinal))
            {
                (length, id) = (literal.Length, literalId);
                return true;
            }
        }

        (length, id) = (0, -1);
        return false;
    }
}
