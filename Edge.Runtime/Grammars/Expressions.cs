using System.Runtime.CompilerServices;

namespace Edge.Runtime.Grammars;

/// <summary>
/// Regular expressions over bytes (0–255) and special tokens (256 and up), interned in one arena: equal expressions have equal ids,
/// so that an expression is at the same time a state of the automaton that its derivatives span (Brzozowski 1964).
/// Ids are only valid in the arena that made them. Not thread-safe; one arena belongs to one grammar and one thread.
/// </summary>
internal sealed partial class Expressions
{
    /// <summary>Nothing matches.</summary>
    public const int Never = 0;

    /// <summary>Only the empty text matches.</summary>
    public const int Empty = 1;

    /// <summary>No upper limit of a repetition.</summary>
    public const int Unbounded = int.MaxValue;

    /// <summary>The first symbol that is not a byte.</summary>
    public const int FirstSpecial = 256;

    private enum Kind : byte
    {
        Never,
        Empty,
        Bytes,      // a: index into _sets
        Special,    // a: symbol
        Sequence,   // a then b; a is no sequence
        Choice,     // a or b; a is no choice, ids rise along the chain
        Repeat,     // a, at least b, at most c times
        State,      // a: state of a finished automaton (see Automata)
        Both,       // a and b (only while compiling)
        Not,        // not a (only while compiling)
    }

    private struct Node
    {
        public int A, B, C;
        public Kind Kind;
        public bool AcceptsEmpty;
    }

    private readonly int _limit;
    private Node[] _nodes = new Node[4096];
    private int _count;
    private int[] _table = new int[16384]; // open addressing; 0 is a free slot (Never is never looked up)
    private readonly List<ByteSet> _sets = [];
    private readonly Dictionary<ByteSet, int> _setIds = [];
    private readonly int[] _single = new int[256]; // the expression of each byte; 0: not asked for yet
    private int[] _scratch = new int[1024];
    private int _scratchTop;

    /// <param name="limit">How many expressions may exist before <see cref="GrammarLimitException"/> is thrown.</param>
    public Expressions(int limit)
    {
        _limit = limit;
        Add(Kind.Never, 0, 0, 0, false);
        Add(Kind.Empty, 0, 0, 0, true);
    }

    public int Count => _count;

    /// <summary>Expressions there is room for.</summary>
    public int Capacity => _nodes.Length;

    public bool AcceptsEmpty(int id) => _nodes[id].AcceptsEmpty;

    public int Bytes(in ByteSet set)
    {
        if (set.IsEmpty)
        {
            return Never;
        }

        if (!_setIds.TryGetValue(set, out int index))
        {
            index = _sets.Count;
            _sets.Add(set);
            _setIds.Add(set, index);
        }

        return Intern(Kind.Bytes, index, 0, 0, false);
    }

    public int Byte(byte value) => _single[value] != 0 ? _single[value] : _single[value] = Bytes(ByteSet.Of(value));

    public int Bytes(int first, int last) => Bytes(ByteSet.Range(first, last));

    public int Literal(ReadOnlySpan<byte> text, int then = Empty)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            then = Sequence(Byte(text[i]), then);
        }

        return then;
    }

    public int Special(int symbol) => Intern(Kind.Special, symbol, 0, 0, false);

    public int Sequence(int first, int then)
    {
        if (first == Never || then == Never)
        {
            return Never;
        }

        if (first == Empty)
        {
            return then;
        }

        if (then == Empty)
        {
            return first;
        }

        // Not by recursion: a listed text may have thousands of bytes.
        int mark = _scratchTop;
        for (; _nodes[first].Kind == Kind.Sequence; first = _nodes[first].B)
        {
            Push(_nodes[first].A);
        }

        int result = Intern(Kind.Sequence, first, then, 0, AcceptsEmpty(first) && AcceptsEmpty(then));
        while (_scratchTop > mark)
        {
            int part = _scratch[--_scratchTop];
            result = Intern(Kind.Sequence, part, result, 0, AcceptsEmpty(part) && AcceptsEmpty(result));
        }

        return result;
    }

    public int Sequence(params ReadOnlySpan<int> parts)
    {
        int result = Empty;
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            result = Sequence(parts[i], result);
        }

        return result;
    }

    public int Choice(int a, int b)
    {
        int mark = _scratchTop;
        PushAlternatives(a);
        PushAlternatives(b);
        return PopChoice(mark);
    }

    public int Choice(params ReadOnlySpan<int> parts)
    {
        int mark = _scratchTop;
        foreach (int part in parts)
        {
            PushAlternatives(part);
        }

        return PopChoice(mark);
    }

    public int Optional(int id) => Choice(id, Empty);

    /// <summary><paramref name="id"/>, at least <paramref name="min"/> and at most <paramref name="max"/> times.</summary>
    public int Repeat(int id, int min, int max)
    {
        if (max == 0 || id == Empty)
        {
            return Empty;
        }

        if (id == Never)
        {
            return min == 0 ? Empty : Never;
        }

        if (min == 1 && max == 1)
        {
            return id;
        }

        // What can be empty may always be left out.
        int least = AcceptsEmpty(id) ? 0 : min;
        return Intern(Kind.Repeat, id, least, max, least == 0);
    }

    public int Both(int a, int b)
    {
        if (a == b)
        {
            return a;
        }

        if (a == Never || b == Never)
        {
            return Never;
        }

        return a < b ? Intern(Kind.Both, a, b, 0, AcceptsEmpty(a) && AcceptsEmpty(b)) : Both(b, a);
    }

    public int Not(int a) => _nodes[a].Kind == Kind.Not ? _nodes[a].A : Intern(Kind.Not, a, 0, 0, !AcceptsEmpty(a));

    /// <summary>If <paramref name="id"/> begins with a repetition of <paramref name="item"/>, how often it may still come, at least and at most.</summary>
    public bool BeginsWithRepeat(int id, int item, out int min, out int max, out int then)
    {
        ref readonly var node = ref _nodes[id];
        then = Empty;
        if (node.Kind == Kind.Sequence)
        {
            then = node.B;
            node = ref _nodes[node.A];
        }

        (min, max) = (node.B, node.C);
        return node.Kind == Kind.Repeat && node.A == item;
    }

    /// <summary>As <see cref="BeginsWithRepeat"/>, for any alternative of a choice; the largest maximum counts.</summary>
    public bool AnyBeginsWithRepeat(int id, int item, out int max)
    {
        max = 0;
        bool found = false;
        while (_nodes[id].Kind == Kind.Choice)
        {
            if (BeginsWithRepeat(_nodes[id].A, item, out _, out int m, out _))
            {
                max = Math.Max(max, m);
                found = true;
            }

            id = _nodes[id].B;
        }

        if (BeginsWithRepeat(id, item, out _, out int last, out _))
        {
            max = Math.Max(max, last);
            found = true;
        }

        return found;
    }

    private void PushAlternatives(int id)
    {
        while (_nodes[id].Kind == Kind.Choice)
        {
            Push(_nodes[id].A);
            id = _nodes[id].B;
        }

        if (id != Never)
        {
            Push(id);
        }
    }

    /// <summary>Makes a choice of what was pushed since <paramref name="mark"/>: sorted, without doubles.</summary>
    private int PopChoice(int mark)
    {
        var parts = _scratch.AsSpan(mark, _scratchTop - mark);
        _scratchTop = mark;
        if (parts.Length == 0)
        {
            return Never;
        }

        if (parts.Length > 1)
        {
            parts.Sort();
        }

        int result = parts[^1];
        for (int i = parts.Length - 2; i >= 0; i--)
        {
            if (parts[i] != parts[i + 1])
            {
                int part = parts[i];
                result = Intern(Kind.Choice, part, result, 0, AcceptsEmpty(part) || AcceptsEmpty(result));
            }
        }

        return result;
    }

    private void Push(int id)
    {
        if (_scratchTop == _scratch.Length)
        {
            Array.Resize(ref _scratch, _scratch.Length * 2);
        }

        _scratch[_scratchTop++] = id;
    }

    private int Intern(Kind kind, int a, int b, int c, bool acceptsEmpty)
    {
        if (_count * 2 > _table.Length)
        {
            GrowTable(_table.Length * 2);
        }

        uint hash = Hash(kind, a, b, c);
        for (uint slot = hash & (uint)(_table.Length - 1); ; slot = (slot + 1) & (uint)(_table.Length - 1))
        {
            int id = _table[slot];
            if (id == 0)
            {
                return _table[slot] = Add(kind, a, b, c, acceptsEmpty);
            }

            ref readonly var node = ref _nodes[id];
            if (node.Kind == kind && node.A == a && node.B == b && node.C == c)
            {
                return id;
            }
        }
    }

    private int Add(Kind kind, int a, int b, int c, bool acceptsEmpty)
    {
        if (_count == _limit)
        {
            throw new GrammarLimitException($"The grammar needs more than {_limit} expressions; use fewer or simpler functions.");
        }

        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, Math.Min(_nodes.Length * 2, _limit));
        }

        _nodes[_count] = new Node { Kind = kind, A = a, B = b, C = c, AcceptsEmpty = acceptsEmpty };
        return _count++;
    }

    /// <param name="slots">A power of two.</param>
    private void GrowTable(int slots)
    {
        _table = new int[slots];
        for (int id = 2; id < _count; id++)
        {
            ref readonly var node = ref _nodes[id];
            uint slot = Hash(node.Kind, node.A, node.B, node.C) & (uint)(_table.Length - 1);
            while (_table[slot] != 0)
            {
                slot = (slot + 1) & (uint)(_table.Length - 1);
            }

            _table[slot] = id;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(Kind kind, int a, int b, int c)
    {
        ulong h = (ulong)(uint)a * 0x9E3779B97F4A7C15UL ^ (ulong)(uint)b * 0xC2B2AE3D27D4EB4FUL ^ (ulong)(uint)c * 0x165667B19E3779F9UL ^ (ulong)kind << 56;
        h ^= h >> 32;
        h *= 0xD6E8FEB86659FD93UL;
        return (uint)(h >> 32);
    }
}
