namespace Edge.Runtime.Tokens.Bpe;

/// <summary>
/// For vocabularies that take a piece that is a token as that token, whatever the merges say (<c>ignore_merges</c>): tokens by the symbols that
/// their text begins with.
/// </summary>
internal sealed class WholePieces
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _tokens;
    private readonly char[] _letterOf; // symbol id → a letter; ids of a byte alphabet are few

    /// <param name="byteIds">The token of each byte, (256).</param>
    /// <param name="tokens">By name, in <see cref="ByteLetters"/>.</param>
    public WholePieces(int[] byteIds, Dictionary<string, int> tokens)
    {
        _tokens = tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        _letterOf = new char[byteIds.Max() + 1];
        for (int value = 0; value < byteIds.Length; value++)
        {
            if (byteIds[value] < 0)
            {
                continue;
            }

            _letterOf[byteIds[value]] = ByteLetters.LetterOf((byte)value);
        }
    }

    /// <param name="symbols">A piece as bytes' tokens.</param>
    public bool TryFind(ReadOnlySpan<int> symbols, out int id)
    {
        const int lettersMax = 256; // no token is as long
        id = -1;
        if (symbols.Length > lettersMax)
        {
            return false;
        }

        Span<char> name = stackalloc char[symbols.Length];
        for (int i = 0; i < symbols.Length; i++)
        {
            name[i] = _letterOf[symbols[i]];
        }

        return _tokens.TryGetValue(name, out id);
    }
}
