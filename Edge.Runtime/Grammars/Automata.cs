namespace Edge.Runtime.Grammars;

/// <summary>
/// Finished automata as expressions. What is described by "both" and "not" can have states from which nothing matches; such expressions are
/// worked out here into an automaton without them, so that a matcher never runs into a dead end.
/// </summary>
internal sealed partial class Expressions
{
    private readonly record struct StateEdge(int Set, int Target);

    private readonly List<StateEdge[]> _stateEdges = [];
    private readonly List<bool> _stateAccepts = [];

    /// <summary>A new automaton state; edges are set later with <see cref="Connect"/>.</summary>
    /// <returns>The number of the state, for <see cref="Connect"/> and <see cref="StateAt"/>.</returns>
    public int NewState(bool accepts)
    {
        _stateAccepts.Add(accepts);
        _stateEdges.Add([]);
        return _stateAccepts.Count - 1;
    }

    /// <summary>Sets the edges of a state: disjoint byte sets, each with the number of its target.</summary>
    public void Connect(int state, IReadOnlyList<(ByteSet Set, int Target)> edges)
    {
        var list = new StateEdge[edges.Count];
        for (int i = 0; i < list.Length; i++)
        {
            // First the call, then the array: Bytes may replace _nodes by a larger one.
            int bytes = Bytes(edges[i].Set);
            list[i] = new StateEdge(_nodes[bytes].A, edges[i].Target);
        }

        _stateEdges[state] = list;
    }

    /// <summary>The expression that begins at a state.</summary>
    public int StateAt(int state) => _stateEdges[state].Length == 0
        ? (_stateAccepts[state] ? Empty : Never)
        : Intern(Kind.State, state, 0, 0, _stateAccepts[state]);

    /// <summary>The same language without "both" and "not" and without dead ends; <see cref="Never"/> if it is empty.</summary>
    /// <exception cref="GrammarLimitException">It has more than <paramref name="statesMax"/> states.</exception>
    public int Finish(int expression, int statesMax)
    {
        var found = new List<int> { expression };
        var numbers = new Dictionary<int, int> { [expression] = 0 };
        var sources = new List<List<int>> { new() };
        for (int i = 0; i < found.Count; i++)
        {
            for (int r = 0, n = ByteRangeCount(found[i]); r < n; r++)
            {
                int target = ByteRange(found[i], r).Target;
                if (!numbers.TryGetValue(target, out int number))
                {
                    number = found.Count;
                    if (number == statesMax)
                    {
                        throw new GrammarLimitException($"The combination of conditions needs more than {statesMax} states.");
                    }

                    numbers.Add(target, number);
                    found.Add(target);
                    sources.Add([]);
                }

                sources[number].Add(i);
            }
        }

        var live = Live(found, sources);
        if (!live[0])
        {
            return Never;
        }

        var states = new int[found.Count];
        for (int i = 0; i < found.Count; i++)
        {
            states[i] = live[i] ? NewState(AcceptsEmpty(found[i])) : -1;
        }

        for (int i = 0; i < found.Count; i++)
        {
            if (live[i])
            {
                Connect(states[i], LiveEdges(found[i], numbers, states));
            }
        }

        return StateAt(states[0]);
    }

    private bool[] Live(List<int> found, List<List<int>> sources)
    {
        var live = new bool[found.Count];
        var queue = new Queue<int>();
        for (int i = 0; i < found.Count; i++)
        {
            if (AcceptsEmpty(found[i]))
            {
                live[i] = true;
                queue.Enqueue(i);
            }
        }

        while (queue.TryDequeue(out int i))
        {
            foreach (int source in sources[i])
            {
                if (!live[source])
                {
                    live[source] = true;
                    queue.Enqueue(source);
                }
            }
        }

        return live;
    }

    private List<(ByteSet Set, int Target)> LiveEdges(int expression, Dictionary<int, int> numbers, int[] states)
    {
        var sets = new Dictionary<int, ByteSet>();
        for (int r = 0, n = ByteRangeCount(expression); r < n; r++)
        {
            var (first, last, target) = ByteRange(expression, r);
            int state = states[numbers[target]];
            if (state >= 0)
            {
                sets[state] = sets.GetValueOrDefault(state).Or(ByteSet.Range(first, last));
            }
        }

        return [.. sets.Select(s => (s.Value, s.Key))];
    }

    private int DeriveState(int state, int symbol)
    {
        if (symbol < FirstSpecial)
        {
            foreach (var edge in _stateEdges[state])
            {
                if (_sets[edge.Set].Contains(symbol))
                {
                    return StateAt(edge.Target);
                }
            }
        }

        return Never;
    }

    private void CollectFirstOfState(int state, ref ByteSet cuts)
    {
        foreach (var edge in _stateEdges[state])
        {
            cuts = cuts.Or(_sets[edge.Set].Cuts());
        }
    }
}
