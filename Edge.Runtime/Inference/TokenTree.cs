namespace Edge.Runtime.Inference;

/// <summary>
/// Several continuations at once, as one run of the model: tokens that share their beginnings form a tree, and each sees only its own ancestors.
/// Source: Miao et al. 2024, SpecInfer, section 4 (tree attention).
/// </summary>
internal static class TokenTree
{
    // Far below every score: its exponential is 0 as a float.
    private const float Unseen = -1e9f;

    /// <summary>Writes where each node stands, and what it may see of the others.</summary>
    /// <param name="parents">The index of each node's parent, smaller than its own; -1 for the cache's end.</param>
    /// <param name="cached">Tokens in the cache.</param>
    /// <param name="positions">(nodes)</param>
    /// <param name="bias">(nodes, nodes): added to the score of row's node for column's node.</param>
    /// <exception cref="ArgumentException">A parent does not come before its child.</exception>
    public static void Describe(ReadOnlySpan<int> parents, int cached, Span<long> positions, Span<float> bias)
    {
        for (int node = 0; node < parents.Length; node++)
        {
            int parent = parents[node];
            if (parent < -1 || parent >= node)
            {
                throw new ArgumentException($"The parent of node {node} is {parent}; use -1 to {node - 1}.", nameof(parents));
            }

            positions[node] = parent < 0 ? cached : positions[parent] + 1;
            var row = bias.Slice(node * parents.Length, parents.Length);
            if (parent < 0)
            {
                row.Fill(Unseen);
            }
            else
            {
                bias.Slice(parent * parents.Length, parents.Length).CopyTo(row);
            }

            row[node] = 0;
        }
    }

    /// <exception cref="ArgumentException"><paramref name="path"/> is not a chain of nodes from the cache's end on.</exception>
    public static void CheckPath(ReadOnlySpan<int> path, ReadOnlySpan<int> parents)
    {
        int last = -1;
        foreach (int node in path)
        {
            if (node <= last || node >= parents.Length || parents[node] != last)
            {
                throw new ArgumentException($"Node {node} does not follow node {last} in the tree of {parents.Length} nodes that ran last.", nameof(path));
            }

            last = node;
        }
    }
}
