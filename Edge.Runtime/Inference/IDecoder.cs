namespace Edge.Runtime.Inference;

/// <summary>A causal language model with its KV cache. One thread.</summary>
public interface IDecoder : IDisposable
{
    /// <summary>Length of the logits.</summary>
    int Vocabulary { get; }

    /// <summary>Tokens the cache can hold.</summary>
    int ContextLength { get; }

    /// <summary>Tokens in the cache.</summary>
    int Length { get; }

    /// <summary>Forgets every token from <paramref name="length"/> on.</summary>
    void Truncate(int length);

    /// <summary>Appends tokens to the cache in one run of the model.</summary>
    /// <param name="tokens">At least one.</param>
    /// <returns>The logits behind the last token, (vocabulary); valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">The context would be too long.</exception>
    ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens);

    /// <summary>As <see cref="Run(ReadOnlySpan{int})"/>, for a choice among few tokens: the output projection may be computed for their rows alone.</summary>
    /// <param name="rows">The tokens that are legal behind the last one, in rising order; at least one.</param>
    /// <returns>(vocabulary), of which only <paramref name="rows"/> mean anything; valid until the next call.</returns>
    ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> rows) => Run(tokens);

    /// <summary>Tries a tree of continuations in one run of the model; each node sees the cache and its own ancestors. <see cref="Length"/> stays.</summary>
    /// <param name="tokens">One a node, (nodes); 1 to 128.</param>
    /// <param name="parents">The index of each node's parent, which comes before it; -1 for the cache's end.</param>
    /// <returns>The logits behind every node, (nodes, vocabulary); valid until the next call.</returns>
    /// <exception cref="InvalidOperationException">The context would be too long, or the cache is empty.</exception>
    /// <exception cref="ArgumentException">Not a tree, or too large.</exception>
    ReadOnlySpan<float> RunBranches(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> parents);

    /// <summary>Takes a path through the last tree into the cache, as if its tokens had been run; the other nodes are forgotten.</summary>
    /// <param name="path">Nodes of the last <see cref="RunBranches"/>, each the child of the one before; the first begins at the cache's end.</param>
    /// <exception cref="ArgumentException">No such path, or something else ran in between.</exception>
    void KeepBranch(scoped ReadOnlySpan<int> path);
}
