namespace Edge.Runtime.Grammars;

/// <summary>The token mask of each state of a grammar: worked out by one walk over the trie, kept for states that recur.</summary>
internal sealed class TokenMasks
{
    /// <summary>Memory for kept masks, in bytes.</summary>
    private const int KeptBytes = 4 << 20;

    private readonly Expressions _e;
    private readonly TokenIndex _index;
    private readonly int _words;
    private readonly ulong[] _slab;
    private readonly int[] _ownerOfSlot;
    private int[] _slotOfState = []; // slot + 1; 0: none
    private int _nextSlot;

    // The two repetitions inside which any text is legal: characters of a JSON string, characters of an answer in words.
    private readonly int _jsonCharacter;
    private readonly int _textCharacter;

    public TokenMasks(Grammar grammar, TokenIndex index)
    {
        _e = grammar.Expressions;
        _index = index;
        _words = index.Words;
        int slots = Math.Clamp(KeptBytes / (_words * sizeof(ulong)), 16, 4096);
        _slab = GC.AllocateUninitializedArray<ulong>(slots * _words); // a mask is cleared when it is made
        _ownerOfSlot = new int[slots];
        _slotOfState = new int[_e.Capacity];
        _jsonCharacter = CodePoints.InJson(_e, CodePoints.All);
        _textCharacter = CodePoints.Raw(_e, CodePoints.Printable);
    }

    /// <summary>Whether a string without <c>pattern</c> stands at the boundary of two characters, and how many may follow.</summary>
    public bool IsInString(int state, out int charsLeft)
    {
        bool inside = _e.BeginsWithRepeat(state, _jsonCharacter, out _, out charsLeft, out _);
        return inside;
    }

    /// <summary>The mask of <paramref name="state"/>: (vocabulary + 63) / 64 words, bit set = legal. Valid until the next call.</summary>
    public ReadOnlySpan<ulong> Of(int state)
    {
        int key = Recurring(state);
        if (key < _slotOfState.Length && _slotOfState[key] is var slot and > 0)
        {
            return _slab.AsSpan((slot - 1) * _words, _words);
        }

        return Make(key);
    }

    /// <summary>In a string that has to end: only tokens that begin with its quote.</summary>
    public void OfEndingString(int state, Span<ulong> mask)
    {
        mask.Clear();
        _index.All.AddLegal(_e, state, (byte)'"', mask);
    }

    /// <summary>
    /// Deep inside a long string the number of characters left makes no difference to the mask; such states share one.
    /// </summary>
    private int Recurring(int state) =>
        _e.BeginsWithRepeat(state, _jsonCharacter, out int min, out int max, out int then) && min == 0 && max >= _index.All.LongestToken && max != Expressions.Unbounded
            ? _e.Sequence(_e.Repeat(_jsonCharacter, 0, Expressions.Unbounded), then)
            : state;

    private ReadOnlySpan<ulong> Make(int state)
    {
        int slot = _nextSlot;
        _nextSlot = (_nextSlot + 1) % _ownerOfSlot.Length;
        if (_ownerOfSlot[slot] != 0)
        {
            _slotOfState[_ownerOfSlot[slot]] = 0;
        }

        if (state >= _slotOfState.Length)
        {
            Array.Resize(ref _slotOfState, Math.Max(_slotOfState.Length * 2, state + 1));
        }

        _ownerOfSlot[slot] = state;
        _slotOfState[state] = slot + 1;
        var mask = _slab.AsSpan(slot * _words, _words);
        Fill(state, mask);
        return mask;
    }

    private void Fill(int state, Span<ulong> mask)
    {
        if (_e.AnyBeginsWithRepeat(state, _jsonCharacter, out int chars) || _e.AnyBeginsWithRepeat(state, _textCharacter, out chars))
        {
            _index.Plain(chars).CopyTo(mask);
            _index.Others.AddLegal(_e, state, mask);
        }
        else
        {
            mask.Clear();
            _index.All.AddLegal(_e, state, mask);
        }

        for (int i = 0, n = _e.SpecialCount(state); i < n; i++)
        {
            int token = _e.SpecialEdge(state, i).Symbol - Expressions.FirstSpecial;
            mask[token >> 6] |= 1UL << (token & 63);
        }
    }
}
