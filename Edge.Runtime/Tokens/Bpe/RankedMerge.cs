using System.Buffers;

namespace Edge.Runtime.Tokens.Bpe;

/// <summary>
/// Byte pair encoding over ids: of all neighbours that a merge is listed for, those of the lowest rank merge first, the leftmost of equals.
/// A linked list with a heap, as in <see cref="BytePairMerge"/>; but a pair must be listed as such, not only its joined text.
/// </summary>
internal ref struct RankedMerge
{
    private readonly Dictionary<long, Merge> _merges;
    private readonly Symbol[] _symbols;
    private readonly Pair[] _heap;
    private readonly int _count;
    private int _heapCount;

    /// <param name="ids">At least one.</param>
    /// <param name="merges">By <see cref="KeyOf"/>.</param>
    public RankedMerge(ReadOnlySpan<int> ids, Dictionary<long, Merge> merges)
    {
        _merges = merges;
        _count = ids.Length;
        _symbols = ArrayPool<Symbol>.Shared.Rent(ids.Length);

        // Each merge takes one pair off the heap and adds at most two: never more than two pairs a symbol.
        _heap = ArrayPool<Pair>.Shared.Rent(2 * ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            _symbols[i] = new Symbol { Id = ids[i], Previous = i - 1, Next = i + 1 < ids.Length ? i + 1 : -1 };
        }
    }

    public static long KeyOf(int left, int right) => ((long)left << 32) | (uint)right;

    public readonly void Dispose()
    {
        ArrayPool<Symbol>.Shared.Return(_symbols);
        ArrayPool<Pair>.Shared.Return(_heap);
    }

    /// <summary>Merges until nothing is left to merge, and appends the result.</summary>
    public void Run(List<int> result)
    {
        for (int left = 0; left + 1 < _count; left++)
        {
            AddPair(left, left + 1);
        }

        while (_heapCount > 0)
        {
            var pair = PopBest();
            ref var left = ref _symbols[pair.Left];

            // A pair is stale when one of its symbols has become another since it was added.
            if (left.Id != pair.LeftId || left.Next < 0 || _symbols[left.Next].Id != pair.RightId)
            {
                continue;
            }

            ref var right = ref _symbols[left.Next];
            left.Id = pair.MergedId;
            left.Next = right.Next;
            right.Id = -1;
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

        for (int at = 0; at >= 0; at = _symbols[at].Next)
        {
            result.Add(_symbols[at].Id);
        }
    }

    private void AddPair(int left, int right)
    {
        int leftId = _symbols[left].Id, rightId = _symbols[right].Id;
        if (!_merges.TryGetValue(KeyOf(leftId, rightId), out var merge))
        {
            return;
        }

        var pair = new Pair { Rank = merge.Rank, Left = left, LeftId = leftId, RightId = rightId, MergedId = merge.Id };
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
        for (int child; (child = (2 * at) + 1) < _heapCount; at = child)
        {
            if (child + 1 < _heapCount && _heap[child + 1].IsBefore(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(last))
            {
                break;
            }

            _heap[at] = _heap[child];
        }

        _heap[at] = last;
        return best;
    }

    /// <summary>What a listed pair becomes, and when: the line of the list.</summary>
    public readonly record struct Merge(int Rank, int Id);

    private struct Symbol
    {
        public int Id;
        public int Previous;
        public int Next;
    }

    private struct Pair
    {
        public int Rank;
        public int Left;
        public int LeftId;
        public int RightId;
        public int MergedId;

        public readonly bool IsBefore(in Pair other) => Rank < other.Rank || (Rank == other.Rank && Left < other.Left);
    }
}
