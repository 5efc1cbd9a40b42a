using System.Buffers;
using System.Text;

namespace Edge.Runtime.Tokens;

/// <summary>
/// Byte pair encoding of one text: neighbours whose joined text is a piece are merged, best score first and leftmost among
/// equals, until no pair is left. Symbols are a linked list over the text and candidate pairs a binary heap, so n chars cost
/// O(n log n); all buffers are pooled. Source: Sennrich et al. 2016, in the order SentencePiece's BPE model defines.
/// </summary>
internal ref struct BytePairMerge
{
    private readonly ReadOnlySpan<char> _text;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _pieces;
    private readonly float[] _scores;
    private readonly Symbol[] _symbols;
    private readonly Pair[] _heap;
    private int _symbolCount;
    private int _heapCount;

    /// <param name="text">Normalized text; valid UTF-16.</param>
    /// <param name="pieces">Piece → id, of the pieces that text may become.</param>
    /// <param name="scores">The score of each id; higher merges first.</param>
    public BytePairMerge(ReadOnlySpan<char> text, Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> pieces, float[] scores)
    {
        _text = text;
        _pieces = pieces;
        _scores = scores;
        _symbols = ArrayPool<Symbol>.Shared.Rent(Math.Max(1, text.Length));

        // Each merge takes one pair off the heap and adds at most two: never more than two pairs a char.
        _heap = ArrayPool<Pair>.Shared.Rent(Math.Max(1, 2 * text.Length));
    }

    public readonly void Dispose()
    {
        ArrayPool<Symbol>.Shared.Return(_symbols);
        ArrayPool<Pair>.Shared.Return(_heap);
    }

    /// <summary>Merges until nothing is left to merge; read the result with <see cref="Next"/>.</summary>
    public void Run()
    {
        SplitIntoCharacters();
        for (int left = 0; left + 1 < _symbolCount; left++)
        {
            AddPair(left, left + 1);
        }

        while (_heapCount > 0)
        {
            var pair = PopBest();
            ref var left = ref _symbols[pair.Left];
            ref var right = ref _symbols[pair.Right];

            // A pair is stale when one of its symbols has grown or has been swallowed since it was added.
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length || left.Next != pair.Right)
            {
                continue;
            }

            left.Length = pair.Length;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0)
            {
                _symbols[left.Next].Previous = pair.Left;
                AddPair(pair.Left, left.Next);
            }

            if (left.Previous >= 0)
            {
                AddPair(left.Previous, pair.Left);
            }
        }
    }

    /// <summary>The merged symbol at <paramref name="cursor"/> (0 at first); moves the cursor on, to -1 after the last.</summary>
    public readonly ReadOnlySpan<char> Next(ref int cursor)
    {
        var symbol = _symbols[cursor];
        cursor = symbol.Next;
        return _text.Slice(symbol.Start, symbol.Length);
    }

    private void SplitIntoCharacters()
    {
        for (int start = 0; start < _text.Length;)
        {
            Rune.DecodeFromUtf16(_text[start..], out _, out int length);
            int next = start + length < _text.Length ? _symbolCount + 1 : -1;
            _symbols[_symbolCount] = new Symbol { Start = start, Length = length, Previous = _symbolCount - 1, Next = next };
            _symbolCount++;
            start += length;
        }
    }

    private void AddPair(int left, int right)
    {
        int length = _symbols[left].Length + _symbols[right].Length;
        if (!_pieces.TryGetValue(_text.Slice(_symbols[left].Start, length), out int id))
        {
            return;
        }

        var pair = new Pair { Score = _scores[id], Left = left, Right = right, Length = length };
        int at = _heapCount++;
        while (at > 0 && pair.IsBefore(_heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = pair;
    }

    private Pair PopBest()
    {
        var best = _heap[0];
        var last = _heap[--_heapCount];
        int at = 0;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= _heapCount)
            {
                break;
            }

            if (child + 1 < _heapCount && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(last))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return best;
    }

    private struct Symbol
    {
        public int Start;
        public int Length;
        public int Previous;
        public int Next;
    }

    private struct Pair
    {
        public float Score;
        public int Left;
        public int Right;
        public int Length;

        public readonly bool IsBefore(in Pair other) => Score > other.Score || (Score == other.Score && Left < other.Left);
    }
}
