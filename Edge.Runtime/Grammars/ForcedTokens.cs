using System.Text;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Grammars;

/// <summary>
/// The tokens a grammar leaves no choice about, in the tokenizer's own segmentation: a model that was trained on "light" must not be fed "l", "ight".
/// </summary>
public sealed class ForcedTokens
{
    /// <summary>Bytes looked ahead at most.</summary>
    private const int BytesMax = 1024;

    private readonly Tokenizer _tokenizer;
    private readonly byte[] _bytes = new byte[BytesMax * 4];
    private readonly char[] _chars = new char[(BytesMax * 4) + 1]; // begins with the line's end that may have to stand before the text
    private readonly int _bytesBefore; // that the tokenizer makes of that line's end; 0 where none is needed
    private readonly List<int> _ids = new(BytesMax);

    public ForcedTokens(Tokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _chars[0] = '\n';

        // SentencePiece puts a space before a text, but an answer goes on where it stands: a line's end, which joins with nothing, takes that space.
        if (BytesOf("{") != 1)
        {
            _bytesBefore = BytesOf("\n");
        }
    }

    /// <summary>Finds the tokens that must come next, without moving the matcher.</summary>
    /// <param name="matcher">Where the answer stands.</param>
    /// <param name="into">Gets the tokens; what was in it is removed.</param>
    public void Find(TokenMatcher matcher, List<int> into)
    {
        into.Clear();
        if (matcher.IsFaulted)
        {
            return;
        }

        var e = matcher.Expressions;
        int state = matcher.State;
        if (OnlySpecial(e, state) is var special and >= 0)
        {
            into.Add(special);
            return;
        }

        var before = matcher.Text;
        if (before.Length > BytesMax)
        {
            return;
        }

        before.CopyTo(_bytes);
        int length = before.Length;
        while (length < _bytes.Length && OnlyByte(e, state, _bytes.AsSpan(0, length), out byte value, out int next))
        {
            _bytes[length++] = value;
            state = next;
        }

        if (length > before.Length && Segment(before.Length, length))
        {
            Keep(matcher, before.Length, length, state, into);
        }
    }

    private static bool OnlyByte(Expressions e, int state, ReadOnlySpan<byte> before, out byte value, out int next)
    {
        (value, next) = (0, 0);
        int ranges = e.ByteRangeCount(state);
        if (e.AcceptsEmpty(state) || e.SpecialCount(state) > 0 || ranges is 0 or > 2)
        {
            return false;
        }

        (value, byte last, next) = e.ByteRange(state, 0);
        if (ranges == 1)
        {
            return value == last;
        }

        // One letter in either case: inside a word it follows its neighbour; where a word begins the model decides.
        var (lower, lowerLast, sameNext) = e.ByteRange(state, 1);
        if (value != last || lower != lowerLast || lower - value != 'a' - 'A' || !char.IsAsciiLetterUpper((char)value) || sameNext != next || before.IsEmpty)
        {
            return false;
        }

        if (char.IsAsciiLetterLower((char)before[^1]))
        {
            value = lower;
            return true;
        }

        return before.Length > 1 && char.IsAsciiLetterUpper((char)before[^1]) && char.IsAsciiLetterUpper((char)before[^2]);
    }

    private static int OnlySpecial(Expressions e, int state) =>
        !e.AcceptsEmpty(state) && e.SpecialCount(state) == 1 && e.ByteRangeCount(state) == 0
            ? e.SpecialEdge(state, 0).Symbol - Expressions.FirstSpecial
            : -1;

    /// <summary>Cuts the text into tokens; false if they do not spell exactly this text.</summary>
    private bool Segment(int start, int length)
    {
        // A look-ahead that ends inside a character says nothing about its last bytes.
        while (length > start && (_bytes[length - 1] & 0xC0) == 0x80)
        {
            length--;
        }

        if (_bytes[length - 1] >= 0xC0)
        {
            length--;
        }

        if (!Encoding.UTF8.TryGetChars(_bytes.AsSpan(0, length), _chars.AsSpan(1), out int chars))
        {
            return false;
        }

        _ids.Clear();
        _tokenizer.EncodeText(_bytesBefore > 0 ? _chars.AsSpan(0, chars + 1) : _chars.AsSpan(1, chars), _ids);
        if (!TryDropBefore())
        {
            return false;
        }

        int at = 0;
        foreach (int id in _ids)
        {
            var bytes = _tokenizer.Vocabulary.Bytes(id);
            if (at + bytes.Length > length || !bytes.SequenceEqual(_bytes.AsSpan(at, bytes.Length)))
            {
                return false;
            }

            at += bytes.Length;
        }

        return at == length;
    }

    /// <summary>Takes away the tokens of the line's end before the text; false if one of them reaches into it.</summary>
    private bool TryDropBefore()
    {
        int count = 0;
        for (int left = _bytesBefore; left > 0; count++)
        {
            left -= count < _ids.Count ? _tokenizer.Vocabulary.Bytes(_ids[count]).Length : left + 1;
            if (left < 0)
            {
                return false;
            }
        }

        _ids.RemoveRange(0, count);
        return true;
    }

    private int BytesOf(string text)
    {
        var ids = new List<int>();
        _tokenizer.EncodeText(text, ids);
        return ids.Sum(id => _tokenizer.Vocabulary.Bytes(id).Length);
    }

    /// <summary>Takes the tokens behind what stands already, up to the first that might be another if the text goes on.</summary>
    private void Keep(TokenMatcher matcher, int start, int length, int stateAtEnd, List<int> into)
    {
        int sure = SureBytes(matcher, start, length, stateAtEnd);
        int at = 0;
        foreach (int id in _ids)
        {
            int end = at + _tokenizer.Vocabulary.Bytes(id).Length;
            if (at >= start && end <= sure && matcher.Index.IsOffered(id))
            {
                into.Add(id);
            }
            else if (end > start)
            {
                // A token that crosses the place where the answer stands: the model has segmented otherwise; let it go on.
                break;
            }

            at = end;
        }
    }

    /// <summary>How many bytes no token that reaches into the unknown can touch.</summary>
    private int SureBytes(TokenMatcher matcher, int start, int length, int stateAtEnd)
    {
        var e = matcher.Expressions;
        if (e.ByteRangeCount(stateAtEnd) == 0)
        {
            return length;
        }

        var trie = matcher.Index.All;
        for (int from = Math.Max(start, length - trie.LongestToken); from < length; from++)
        {
            if (trie.CrossesEnd(e, _bytes.AsSpan(from, length - from), stateAtEnd))
            {
                return from;
            }
        }

        return length;
    }
}
