namespace Edge.Runtime.Grammars;

/// <summary>Reads a text byte by byte and says whether it can still become, or already is, a text of the grammar.</summary>
public sealed class TextMatcher(Grammar grammar)
{
    private readonly Expressions _e = grammar.Expressions;
    private int _state = grammar.Start;

    /// <summary>Whether what was read is a whole text of the grammar; it may go on all the same.</summary>
    public bool IsAccepting => _e.AcceptsEmpty(_state);

    /// <summary>Whether a byte was refused; every later byte is refused, too.</summary>
    public bool IsFaulted => _state == Expressions.Never;

    /// <returns>Whether the byte is legal here. A fault is sticky until <see cref="Reset"/>.</returns>
    public bool TryAccept(byte value)
    {
        _state = _e.Step(_state, value);
        return _state != Expressions.Never;
    }

    /// <summary>Whether <see cref="TryAccept"/> would accept the byte.</summary>
    public bool IsLegal(byte value) => _e.Step(_state, value) != Expressions.Never;

    public void Reset() => _state = grammar.Start;
}
