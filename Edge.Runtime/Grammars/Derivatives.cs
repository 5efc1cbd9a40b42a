using System.Runtime.CompilerServices;

namespace Edge.Runtime.Grammars;

/// <summary>What is left to match after one symbol: the transitions of the automaton, found when first asked for and kept.</summary>
internal sealed partial class Expressions
{
    /// <summary>The expression that matches what may follow <paramref name="symbol"/>; <see cref="Never"/> if it is not allowed.</summary>
    /// <exception cref="GrammarLimitException">The grammar is nested too deeply, or has too many expressions.</exception>
    public int Derive(int id, int symbol)
    {
        EnsureStack();
        var node = _nodes[id];
        switch (node.Kind)
        {
            case Kind.Bytes:
                return symbol < FirstSpecial && _sets[node.A].Contains(symbol) ? Empty : Never;
            case Kind.Special:
                return node.A == symbol ? Empty : Never;
            case Kind.Sequence:
                int first = Sequence(Derive(node.A, symbol), node.B);
                return AcceptsEmpty(node.A) ? Choice(first, Derive(node.B, symbol)) : first;
            case Kind.Choice:
                return DeriveChoice(id, symbol);
            case Kind.Repeat:
                int one = Derive(node.A, symbol);
                return one == Never ? Never : Sequence(one, Repeat(node.A, Math.Max(node.B - 1, 0), node.C == Unbounded ? Unbounded : node.C - 1));
            case Kind.State:
                return DeriveState(node.A, symbol);
            case Kind.Both:
                int a = Derive(node.A, symbol);
                return a == Never ? Never : Both(a, Derive(node.B, symbol));
            case Kind.Not:
                return Not(Derive(node.A, symbol));
            default:
                return Never;
        }
    }

    /// <summary>Recursion follows what somebody wrote; it ends in a refusal, never in the end of the process.</summary>
    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new GrammarLimitException("The schema is nested too deeply, or lists too much at one place.");
        }
    }

    private int DeriveChoice(int id, int symbol)
    {
        int mark = _scratchTop;
        while (_nodes[id].Kind == Kind.Choice)
        {
            PushAlternatives(Derive(_nodes[id].A, symbol));
            id = _nodes[id].B;
        }

        PushAlternatives(Derive(id, symbol));
        return PopChoice(mark);
    }

    /// <summary>
    /// Adds to <paramref name="cuts"/> the places where the byte partition of <paramref name="id"/>'s first symbol must be cut, and to
    /// <paramref name="specials"/> the special symbols it may begin with.
    /// </summary>
    private void CollectFirst(int id, ref ByteSet cuts, List<int> specials)
    {
        EnsureStack();
        var node = _nodes[id];
        switch (node.Kind)
        {
            case Kind.Bytes:
                cuts = cuts.Or(_sets[node.A].Cuts());
                break;
            case Kind.Special:
                if (!specials.Contains(node.A))
                {
                    specials.Add(node.A);
                }

                break;
            case Kind.Sequence:
                CollectFirst(node.A, ref cuts, specials);
                if (AcceptsEmpty(node.A))
                {
                    CollectFirst(node.B, ref cuts, specials);
                }

                break;
            case Kind.Choice:
                // Not by recursion: an enumeration may have thousands of values.
                for (; _nodes[id].Kind == Kind.Choice; id = _nodes[id].B)
                {
                    CollectFirst(_nodes[id].A, ref cuts, specials);
                }

                CollectFirst(id, ref cuts, specials);
                break;
            case Kind.Both:
                CollectFirst(node.A, ref cuts, specials);
                CollectFirst(node.B, ref cuts, specials);
                break;
            case Kind.Repeat or Kind.Not:
                CollectFirst(node.A, ref cuts, specials);
                break;
            case Kind.State:
                CollectFirstOfState(node.A, ref cuts);
                break;
            default:
                break;
        }
    }
}
