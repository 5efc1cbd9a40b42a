using Edge.Runtime.Tokens;

namespace Edge.Runtime.Grammars;

/// <summary>
/// The text tokens of a vocabulary as a trie over their bytes, laid out in depth-first order: one walk, with jumps over what is not legal,
/// visits every legal token once.
/// </summary>
internal sealed class TokenTrie
{
    private readonly byte[] _value;
    private readonly byte[] _depth; // of a node: the length of its bytes
    private readonly int[] _end;    // the node behind the last descendant
    private readonly int[] _token;  // -1: no token ends here
    private readonly int[] _root = new int[256]; // the depth-1 node of each byte, -1 if there is none
    private readonly int[] _states;

    /// <param name="vocabulary">Where the bytes come from.</param>
    /// <param name="tokens">Ids of text tokens; of several with the same bytes the first counts.</param>
    public TokenTrie(Vocabulary vocabulary, IEnumerable<int> tokens)
    {
        var sorted = tokens.Where(t => vocabulary.Bytes(t).Length is > 0 and < 256).ToList();
        sorted.Sort((a, b) =>
        {
            int order = vocabulary.Bytes(a).SequenceCompareTo(vocabulary.Bytes(b));
            return order != 0 ? order : a.CompareTo(b);
        });

        var value = new List<byte>();
        var depth = new List<byte>();
        var token = new List<int>();
        var end = new List<int>();
        var open = new Stack<int>();
        int longest = 0;
        ReadOnlySpan<byte> previous = default;
        foreach (int id in sorted)
        {
            var bytes = vocabulary.Bytes(id);
            longest = Math.Max(longest, bytes.Length);
            int shared = bytes.CommonPrefixLength(previous);
            if (shared == bytes.Length)
            {
                continue; // The same bytes again.
            }

            while (open.Count > shared)
            {
                end[open.Pop()] = value.Count;
            }

            for (int i = shared; i < bytes.Length; i++)
            {
                open.Push(value.Count);
                value.Add(bytes[i]);
                depth.Add((byte)(i + 1));
                token.Add(i == bytes.Length - 1 ? id : -1);
                end.Add(0);
            }

            previous = bytes;
        }

        while (open.Count > 0)
        {
            end[open.Pop()] = value.Count;
        }

        (_value, _depth, _end, _token) = ([.. value], [.. depth], [.. end], [.. token]);
        _states = new int[longest + 1];
        LongestToken = longest;
        Array.Fill(_root, -1);
        for (int node = 0; node < _value.Length; node = _end[node])
        {
            _root[_value[node]] = node;
        }
    }

    /// <summary>Bytes of the longest token.</summary>
    public int LongestToken { get; }

    public int NodeCount => _value.Length;

    /// <summary>Sets the bit of every token whose bytes are legal from <paramref name="state"/> on.</summary>
    public void AddLegal(Expressions e, int state, Span<ulong> mask)
    {
        for (int r = 0, n = e.ByteRangeCount(state); r < n; r++)
        {
            var (first, last, target) = e.ByteRange(state, r);
            for (int b = first; b <= last; b++)
            {
                int node = _root[b];
                if (node >= 0)
                {
                    AddSubtree(e, node, target, mask);
                }
            }
        }
    }

    /// <summary>The same for the tokens that begin with one byte only.</summary>
    public void AddLegal(Expressions e, int state, byte first, Span<ulong> mask)
    {
        int target = e.Step(state, first);
        if (target != Expressions.Never && _root[first] >= 0)
        {
            AddSubtree(e, _root[first], target, mask);
        }
    }

    /// <summary>Whether a token goes on behind <paramref name="bytes"/> with something that is legal from <paramref name="state"/>, which stands behind them.</summary>
    public bool CrossesEnd(Expressions e, ReadOnlySpan<byte> bytes, int state)
    {
        int node = _root[bytes[0]];
        for (int i = 1; i < bytes.Length && node >= 0; i++)
        {
            node = Child(node, bytes[i]);
        }

        return node >= 0 && HasLegalDescendant(e, node, state);
    }

    private void AddSubtree(Expressions e, int root, int stateAtRoot, Span<ulong> mask)
    {
        _states[1] = stateAtRoot;
        Add(_token[root], mask);
        for (int node = root + 1, end = _end[root]; node < end;)
        {
            int depth = _depth[node];
            int state = e.Step(_states[depth - 1], _value[node]);
            if (state == Expressions.Never)
            {
                node = _end[node];
                continue;
            }

            _states[depth] = state;
            Add(_token[node], mask);
            node++;
        }
    }

    private bool HasLegalDescendant(Expressions e, int root, int stateAtRoot)
    {
        _states[_depth[root]] = stateAtRoot;
        for (int node = root + 1, end = _end[root]; node < end;)
        {
            int depth = _depth[node];
            int state = e.Step(_states[depth - 1], _value[node]);
            if (state == Expressions.Never)
            {
                node = _end[node];
                continue;
            }

            if (_token[node] >= 0)
            {
                return true;
            }

            _states[depth] = state;
            node++;
        }

        return false;
    }

    private int Child(int parent, byte value)
    {
        for (int node = parent + 1, end = _end[parent]; node < end; node = _end[node])
        {
            if (_value[node] == value)
            {
                return node;
            }
        }

        return -1;
    }

    private static void Add(int token, Span<ulong> mask)
    {
        if (token >= 0)
        {
            mask[token >> 6] |= 1UL << (token & 63);
        }
    }
}
