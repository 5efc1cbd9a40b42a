namespace Edge.Runtime.Tokens;

/// <summary>The tokens of a model: id → bytes, and which of them are not text.</summary>
public sealed class Vocabulary
{
    private readonly byte[][] _bytes;
    private readonly TokenKind[] _kinds;
    private readonly Dictionary<string, int> _special = [];

    /// <param name="bytes">The bytes each token stands for in text; empty for tokens that are not text.</param>
    /// <param name="kinds">One kind a token.</param>
    /// <param name="names">The name of each token, used to find special ones.</param>
    public Vocabulary(byte[][] bytes, TokenKind[] kinds, IReadOnlyList<string> names)
    {
        _bytes = bytes;
        _kinds = kinds;
        for (int id = 0; id < bytes.Length; id++)
        {
            if (kinds[id] == TokenKind.Special)
            {
                _special.TryAdd(names[id], id);
            }
        }
    }

    public int Count => _bytes.Length;

    /// <summary>Special tokens by name, for example <c>&lt;|call|&gt;</c>.</summary>
    public IReadOnlyDictionary<string, int> Special => _special;

    /// <summary>Tokens up to the last that is text: a model needs as many. Markers behind it may be of another model of the family, as Gemma 3's for images.</summary>
    public int TextCount => Array.LastIndexOf(_kinds, TokenKind.Text) + 1;

    public TokenKind Kind(int id) => _kinds[id];

    /// <summary>The bytes of a text token; empty for special and unused ones.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => _bytes[id];

    /// <summary>The id of a special token.</summary>
    /// <exception cref="KeyNotFoundException">The vocabulary has no such token.</exception>
    public int Find(string special) => _special.TryGetValue(special, out int id)
        ? id
        : throw new KeyNotFoundException($"The vocabulary has no special token {special}.");
}

/// <summary>What a token is for.</summary>
public enum TokenKind : byte
{
    /// <summary>Bytes of text.</summary>
    Text,

    /// <summary>A marker such as <c>&lt;s&gt;</c>; written in prompts, never part of text.</summary>
    Special,

    /// <summary>Neither: unknown and unused entries.</summary>
    Unused,
}
