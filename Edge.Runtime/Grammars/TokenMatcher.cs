using Edge.Runtime.Tokens;

namespace Edge.Runtime.Grammars;

/// <summary>
/// Where an answer stands in its grammar, token by token. Allocates at construction and never again, but for states that the grammar reaches
/// for the first time. A fault is sticky: after it every call says so. One thread.
/// </summary>
public sealed class TokenMatcher
{
    /// <summary>States of the grammar that room is made for, about 50 bytes each.</summary>
    private const int StatesAhead = 1 << 15;

    private struct Step
    {
        public int State;
        public int StringTokens; // tokens so far behind the one that opened the string this state is in
        public bool InString;    // in a string that may say anything, also in the middle of a character or an escape
        public int Text;         // bytes of the current stretch of text
    }

    private readonly Expressions _e;
    private readonly Vocabulary _vocabulary;
    private readonly GrammarOptions _options;
    private readonly TokenMasks _masks;
    private readonly ulong[] _ending;
    private readonly Step[] _steps;
    private readonly int[] _tokens;
    private readonly byte[] _text;
    private int _count;
    private Step _now;

    /// <param name="grammar">What is legal.</param>
    /// <param name="index">The vocabulary.</param>
    /// <param name="tokensMax">The longest answer, in tokens.</param>
    public TokenMatcher(Grammar grammar, TokenIndex index, int tokensMax = 1024)
    {
        Grammar = grammar;
        Index = index;
        _e = grammar.Expressions;
        _e.Reserve(StatesAhead);
        _vocabulary = index.Vocabulary;
        _options = grammar.Options;
        _masks = new TokenMasks(grammar, index);
        _ending = new ulong[index.Words];
        _steps = new Step[tokensMax];
        _tokens = new int[tokensMax];
        _text = new byte[tokensMax * 16];
        Reset();
    }

    public Grammar Grammar { get; }

    public TokenIndex Index { get; }

    /// <summary>Tokens accepted so far.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>Whether a token was refused, or the answer outgrew its limit.</summary>
    public bool IsFaulted => _now.State == Expressions.Never;

    /// <summary>Whether what was accepted is a whole answer.</summary>
    public bool IsAccepting => _e.AcceptsEmpty(_now.State);

    /// <summary>Whether nothing more may follow.</summary>
    public bool IsComplete => _now.State == Expressions.Empty;

    /// <summary>Whether the text that stands here began with a brace, as a call's JSON does.</summary>
    internal bool IsInCall => _now.Text > 0 && _text[0] == (byte)'{';

    /// <summary>Inside a string that may say anything.</summary>
    internal bool IsWide => _masks.IsInString(_now.State, out _);

    /// <summary>A number, a list, or an object may begin here.</summary>
    internal bool MayBeginOpenValue => IsLegal((byte)'1') || IsLegal((byte)'2') || IsLegal((byte)'-') || IsLegal((byte)'0') || IsLegal((byte)'[') || IsLegal((byte)'{');

    /// <summary>Nothing but a comma or a closing brace may follow.</summary>
    internal bool IsBareValueComplete
    {
        get
        {
            for (int i = 0, n = _e.ByteRangeCount(_now.State); i < n; i++)
            {
                var (first, last, _) = _e.ByteRange(_now.State, i);
                if (first != last || (first != (byte)',' && first != (byte)'}'))
                {
                    return false;
                }
            }

            return true;
        }
    }

    internal int State => _now.State;

    internal Expressions Expressions => _e;

    /// <summary>The text since the last special token, as UTF-8.</summary>
    internal ReadOnlySpan<byte> Text => _text.AsSpan(0, _now.Text);

    public void Reset()
    {
        _count = 0;
        _now = new Step { State = Grammar.Start };
    }

    /// <summary>The tokens that are legal next; empty after a fault and after the end.</summary>
    public TokenMask Mask()
    {
        try
        {
            if (MustEndString())
            {
                _masks.OfEndingString(_now.State, _ending);
                return new TokenMask(_ending);
            }

            return new TokenMask(_masks.Of(_now.State));
        }
        catch (GrammarLimitException)
        {
            // The automaton has outgrown its limit while it was worked out: nothing more can be said.
            _now.State = Expressions.Never;
            _ending.AsSpan().Clear();
            return new TokenMask(_ending);
        }
    }

    /// <returns>Whether the token is legal here; if not, the matcher is at fault from now on.</returns>
    public bool TryAccept(int token)
    {
        if (IsFaulted || _count == _steps.Length || (uint)token >= (uint)_vocabulary.Count)
        {
            _now.State = Expressions.Never;
            return false;
        }

        _steps[_count] = _now;
        _tokens[_count++] = token;
        var bytes = _vocabulary.Bytes(token);
        if (_vocabulary.Kind(token) == TokenKind.Special)
        {
            _now.State = _e.StepSpecial(_now.State, Expressions.FirstSpecial + token);
            _now.Text = 0;
            (_now.StringTokens, _now.InString) = (0, false);
            return !IsFaulted;
        }

        if (bytes.IsEmpty || _now.Text + bytes.Length > _text.Length || !Index.IsOffered(token) || (MustEndString() && bytes[0] != (byte)'"'))
        {
            _now.State = Expressions.Never;
            return false;
        }

        bool wasInString = _now.InString;
        Walk(bytes);
        bytes.CopyTo(_text.AsSpan(_now.Text));
        _now.Text += bytes.Length;
        _now.StringTokens = _now.InString && wasInString ? _now.StringTokens + 1 : 0;
        return !IsFaulted;
    }

    private void Walk(ReadOnlySpan<byte> bytes)
    {
        try
        {
            foreach (byte b in bytes)
            {
                bool atBoundary = _masks.IsInString(_now.State, out _);
                _now.State = _e.Step(_now.State, b);
                _now.InString = atBoundary ? b != (byte)'"' : _now.InString || _masks.IsInString(_now.State, out _);
            }
        }
        catch (GrammarLimitException)
        {
            _now.State = Expressions.Never;
        }
    }

    /// <summary>Takes back the last <paramref name="tokens"/> tokens; a fault among them is forgotten.</summary>
    public void Rollback(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, _count);
        if (tokens == 0)
        {
            return;
        }

        _count -= tokens;
        _now = _steps[_count];
        RestoreText();
    }

    /// <summary>A string that nothing limits but the default gets only so many tokens; then only its end is legal.</summary>
    private bool MustEndString() =>
        _now.StringTokens >= _options.StringTokensMax
        && _masks.IsInString(_now.State, out int left)
        && left <= _options.StringCharsMax
        && _e.Step(_now.State, (byte)'"') != Expressions.Never;

    private bool IsLegal(byte value) => _e.Step(_now.State, value) != Expressions.Never;

    private void RestoreText()
    {
        // Tokens of another stretch of text may have overwritten the buffer.
        int first = _count;
        while (first > 0 && _vocabulary.Kind(_tokens[first - 1]) != TokenKind.Special)
        {
            first--;
        }

        int at = 0;
        for (int i = first; i < _count; i++)
        {
            var bytes = _vocabulary.Bytes(_tokens[i]);
            bytes.CopyTo(_text.AsSpan(at));
            at += bytes.Length;
        }
    }
}
