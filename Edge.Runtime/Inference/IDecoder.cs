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
}
