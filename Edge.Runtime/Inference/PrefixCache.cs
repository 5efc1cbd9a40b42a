using System.Runtime.InteropServices;

namespace Edge.Runtime.Inference;

/// <summary>Remembers which tokens lie in the decoder's cache, so that a prompt only costs what is new in it: the catalogue is read once, not at every command.</summary>
public sealed class PrefixCache(IDecoder decoder)
{
    private readonly List<int> _tokens = new(decoder.ContextLength);

    public IDecoder Decoder { get; } = decoder;

    /// <summary>Makes <paramref name="prompt"/> the content of the cache, running the model for what is not there yet.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="cached">How many of its tokens were in the cache.</param>
    /// <returns>The logits behind the last token, (vocabulary).</returns>
    public ReadOnlySpan<float> Load(scoped ReadOnlySpan<int> prompt, out int cached)
    {
        // The last token always runs: its logits are wanted.
        cached = Math.Min(prompt.CommonPrefixLength(CollectionsMarshal.AsSpan(_tokens)), prompt.Length - 1);
        Decoder.Truncate(cached);
        _tokens.RemoveRange(cached, _tokens.Count - cached);
        return Append(prompt[cached..]);
    }

    /// <summary>Appends tokens behind what is in the cache.</summary>
    /// <param name="tokens">At least one.</param>
    /// <param name="rows">The only logits that will be looked at; empty for all.</param>
    public ReadOnlySpan<float> Append(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> rows = default)
    {
        try
        {
            var logits = rows.IsEmpty ? Decoder.Run(tokens) : Decoder.Run(tokens, rows);
            _tokens.AddRange(tokens);
            return logits;
        }
        catch
        {
            // What a broken run left in the cache is unknown.
            Decoder.Truncate(0);
            _tokens.Clear();
            throw;
        }
    }

    /// <summary>Takes a path through the decoder's last tree into the cache.</summary>
    public void KeepBranch(ReadOnlySpan<int> nodes, ReadOnlySpan<int> tokens)
    {
        Decoder.KeepBranch(nodes);
        _tokens.AddRange(tokens);
    }
}
