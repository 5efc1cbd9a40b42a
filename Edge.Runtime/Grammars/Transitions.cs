using System.Numerics;

namespace Edge.Runtime.Grammars;

/// <summary>The transition table over <see cref="Expressions"/>: for each state the byte ranges it allows, worked out once.</summary>
internal sealed partial class Expressions
{
    private struct StateEdges
    {
        public int Start; // 0: not worked out yet
        public short Bytes;
        public short Specials;
    }

    private StateEdges[] _edges = new StateEdges[4096];
    private byte[] _rangeFirst = new byte[8192];
    private byte[] _rangeLast = new byte[8192];
    private int[] _rangeTarget = new int[8192]; // for special edges the symbol is kept in _rangeSymbol
    private int[] _rangeSymbol = new int[8192];
    private int _rangeCount = 1;
    private readonly List<int> _specials = new(8);

    /// <summary>The state after <paramref name="value"/>, or <see cref="Never"/>.</summary>
    public int Step(int state, byte value)
    {
        var edges = EdgesOf(state);
        for (int i = edges.Start, end = i + edges.Bytes; i < end; i++)
        {
            if (value <= _rangeLast[i])
            {
                return value >= _rangeFirst[i] ? _rangeTarget[i] : Never;
            }
        }

        return Never;
    }

    /// <summary>The state after a special token, or <see cref="Never"/>.</summary>
    public int StepSpecial(int state, int symbol)
    {
        var edges = EdgesOf(state);
        for (int i = edges.Start + edges.Bytes, end = i + edges.Specials; i < end; i++)
        {
            if (_rangeSymbol[i] == symbol)
            {
                return _rangeTarget[i];
            }
        }

        return Never;
    }

    public int ByteRangeCount(int state) => EdgesOf(state).Bytes;

    public int SpecialCount(int state) => EdgesOf(state).Specials;

    /// <summary>The i-th byte range that <paramref name="state"/> allows, ranges in rising order.</summary>
    public (byte First, byte Last, int Target) ByteRange(int state, int i)
    {
        int at = EdgesOf(state).Start + i;
        return (_rangeFirst[at], _rangeLast[at], _rangeTarget[at]);
    }

    public (int Symbol, int Target) SpecialEdge(int state, int i)
    {
        var edges = EdgesOf(state);
        int at = edges.Start + edges.Bytes + i;
        return (_rangeSymbol[at], _rangeTarget[at]);
    }

    /// <summary>Makes room ahead, so that matching need not: states are worked out while a model decodes, and there nothing is to be allocated.</summary>
    public void Reserve(int states)
    {
        int nodes = Math.Min(_count + states, _limit);
        if (nodes > _nodes.Length)
        {
            Array.Resize(ref _nodes, nodes);
        }

        Array.Resize(ref _edges, _nodes.Length);
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)_nodes.Length * 2);
        if (slots > _table.Length)
        {
            GrowTable(slots);
        }

        if (_rangeTarget.Length - _rangeCount >= states * 2)
        {
            return;
        }

        int ranges = Math.Max(_rangeTarget.Length, _rangeCount + (states * 2));
        Array.Resize(ref _rangeFirst, ranges);
        Array.Resize(ref _rangeLast, ranges);
        Array.Resize(ref _rangeTarget, ranges);
        Array.Resize(ref _rangeSymbol, ranges);
    }

    private StateEdges EdgesOf(int state)
    {
        if (state < _edges.Length && _edges[state].Start != 0)
        {
            return _edges[state];
        }

        return WorkOut(state);
    }

    private StateEdges WorkOut(int state)
    {
        _specials.Clear();
        var cuts = ByteSet.Of(0);
        CollectFirst(state, ref cuts, _specials);

        int start = _rangeCount;
        for (int first = 0; first < 256;)
        {
            int next = cuts.Next(first + 1);
            int target = Derive(state, first);
            if (target != Never)
            {
                AddRange(start, first, next - 1, target);
            }

            first = next;
        }

        int bytes = _rangeCount - start;
        foreach (int symbol in _specials)
        {
            int target = Derive(state, symbol);
            if (target != Never)
            {
                Reserve();
                _rangeSymbol[_rangeCount] = symbol;
                _rangeTarget[_rangeCount++] = target;
            }
        }

        if (_edges.Length < _nodes.Length)
        {
            Array.Resize(ref _edges, _nodes.Length);
        }

        return _edges[state] = new StateEdges { Start = start, Bytes = (short)bytes, Specials = (short)(_rangeCount - start - bytes) };
    }

    private void AddRange(int start, int first, int last, int target)
    {
        // Neighbours with one target are one range.
        if (_rangeCount > start && _rangeTarget[_rangeCount - 1] == target && _rangeLast[_rangeCount - 1] + 1 == first)
        {
            _rangeLast[_rangeCount - 1] = (byte)last;
            return;
        }

        Reserve();
        _rangeFirst[_rangeCount] = (byte)first;
        _rangeLast[_rangeCount] = (byte)last;
        _rangeTarget[_rangeCount++] = target;
    }

    private void Reserve()
    {
        if (_rangeCount == _rangeTarget.Length)
        {
            int size = _rangeCount * 2;
            Array.Resize(ref _rangeFirst, size);
            Array.Resize(ref _rangeLast, size);
            Array.Resize(ref _rangeTarget, size);
            Array.Resize(ref _rangeSymbol, size);
        }
    }
}
