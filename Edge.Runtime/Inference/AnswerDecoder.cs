using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Edge.Runtime.Grammars;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Inference;

/// <summary>
/// Prompt → answer: greedy among the legal tokens. What the grammar forces is not asked of the model; it rides along with the next choice in one run.
/// </summary>
public sealed class AnswerDecoder
{
    /// <summary>Legal tokens up to which a decoder is told of them.</summary>
    private const int RowsFew = 64;

    private readonly TimeProvider _clock;
    private readonly PrefixCache _cache;
    private readonly ForcedTokens _forced;
    private readonly BranchSearch _search;
    private readonly List<int> _chosen = new(256);
    private readonly List<int> _force = new(256);
    private readonly List<int> _pending = new(256);
    private readonly int[] _rows = new int[RowsFew];

    public AnswerDecoder(IDecoder decoder, Tokenizer tokenizer, TimeProvider clock, SearchOptions? search = null)
        : this(new PrefixCache(decoder), tokenizer, clock, search)
    {
    }

    /// <summary>Another way to answer behind the same cache, so that a comparison reads each prompt once.</summary>
    internal AnswerDecoder(PrefixCache cache, Tokenizer tokenizer, TimeProvider clock, SearchOptions? search)
    {
        _clock = clock;
        _cache = cache;
        _forced = new ForcedTokens(tokenizer);
        _search = new BranchSearch(_cache, _forced, search ?? SearchOptions.Default);
    }

    public IDecoder Decoder => _cache.Decoder;

    /// <summary>Reads a prompt into the cache ahead of its use, so that the first command is as quick as the later ones.</summary>
    public void Warm(ReadOnlySpan<int> prompt) => _cache.Load(prompt, out _);

    /// <param name="prompt">Token ids; fewer than the context holds.</param>
    /// <param name="matcher">Where the grammar stands; it is reset, and stands behind the answer afterwards.</param>
    /// <param name="limits">Ends what does not end by itself.</param>
    /// <param name="cancellationToken">The deadline; looked at before each run of the model.</param>
    public DecodedAnswer Decode(ReadOnlySpan<int> prompt, TokenMatcher matcher, DecodeLimits limits, CancellationToken cancellationToken)
    {
        matcher.Reset();
        long start = _clock.GetTimestamp();
        if (prompt.Length >= Decoder.ContextLength)
        {
            return Answer(matcher, StopReason.ContextFull, 0, 0, prompt.Length, 0, 0, 0, 0);
        }

        var logits = _cache.Load(prompt, out int cached);
        double prefillMs = _clock.GetElapsedTime(start).TotalMilliseconds;
        int decoded = 0, forced = 0, steps = 1;
        StopReason stop;
        _pending.Clear();
        while (true)
        {
            forced += Force(matcher);
            if (matcher.IsComplete)
            {
                stop = StopReason.End;
                break;
            }

            if (matcher.IsFaulted)
            {
                stop = StopReason.GrammarFault;
                break;
            }

            if (matcher.Tokens.Length >= limits.TokensMax)
            {
                stop = StopReason.TokensMax;
                break;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                stop = StopReason.Cancelled;
                break;
            }

            int rows = FewRows(matcher);
            if (rows == 1)
            {
                // The only token there is: nothing to ask.
                matcher.TryAccept(_rows[0]);
                _pending.Add(_rows[0]);
                forced++;
                continue;
            }

            if (_pending.Count > 0)
            {
                if (Decoder.Length + _pending.Count > Decoder.ContextLength)
                {
                    stop = StopReason.ContextFull;
                    break;
                }

                logits = _cache.Append(CollectionsMarshal.AsSpan(_pending), _rows.AsSpan(0, rows));
                _pending.Clear();
                steps++;
            }

            // A kernel that overflowed gives logits that are no numbers; the best of them would be a token the model never chose.
            if (rows == 0 && _search.TryChoose(matcher, logits, _chosen, out int kept))
            {
                if (_search.IsBroken)
                {
                    stop = StopReason.GrammarFault;
                    break;
                }

                steps += _search.Runs;
                decoded += _chosen.Count;
                _pending.AddRange(_chosen[kept..]);
                continue;
            }

            int token = rows > 0 ? TokenMask.ArgMax(_rows.AsSpan(0, rows), logits) : matcher.Mask().ArgMax(logits);
            if (token < 0 || !matcher.TryAccept(token))
            {
                stop = StopReason.GrammarFault;
                break;
            }

            _pending.Add(token);
            decoded++;
        }

        double decodeMs = _clock.GetElapsedTime(start).TotalMilliseconds - prefillMs;
        return Answer(matcher, stop, prefillMs, decodeMs, prompt.Length, cached, decoded, forced, steps);
    }

    /// <summary>The same without a grammar: for measuring what the grammar is worth, never for moving anything.</summary>
    public DecodedAnswer DecodeFreely(ReadOnlySpan<int> prompt, IReadOnlyList<int> endTokens, DecodeLimits limits, CancellationToken cancellationToken)
    {
        long start = _clock.GetTimestamp();
        var tokens = new List<int>();
        var logits = _cache.Load(prompt, out int cached);
        double prefillMs = _clock.GetElapsedTime(start).TotalMilliseconds;
        var stop = StopReason.TokensMax;
        while (tokens.Count < limits.TokensMax && Decoder.Length < Decoder.ContextLength)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                stop = StopReason.Cancelled;
                break;
            }

            int token = TensorPrimitives.IndexOfMax(logits);
            tokens.Add(token);
            if (endTokens.Contains(token))
            {
                stop = StopReason.End;
                break;
            }

            logits = _cache.Append([token]);
        }

        double decodeMs = _clock.GetElapsedTime(start).TotalMilliseconds - prefillMs;
        return new DecodedAnswer([.. tokens], stop, prefillMs, decodeMs, prompt.Length, cached, tokens.Count, 0, tokens.Count);
    }

    /// <summary>Writes the legal tokens into <see cref="_rows"/> where they are few and their own logits decide.</summary>
    /// <returns>How many; 0 where they are many, or where a search wants the probabilities of all.</returns>
    private int FewRows(TokenMatcher matcher)
    {
        var mask = matcher.Mask();
        int count = mask.Count();
        return count is > 0 and <= RowsFew && (count == 1 || !_search.MaySearch(matcher)) ? mask.CopyTo(_rows) : 0;
    }

    /// <summary>Lets the matcher take what it must; the tokens wait for the next run.</summary>
    private int Force(TokenMatcher matcher)
    {
        int count = 0;
        while (true)
        {
            _forced.Find(matcher, _force);
            if (_force.Count == 0)
            {
                return count;
            }

            foreach (int token in _force)
            {
                if (!matcher.TryAccept(token))
                {
                    return count;
                }

                _pending.Add(token);
                count++;
            }
        }
    }

    private static DecodedAnswer Answer(TokenMatcher matcher, StopReason stop, double prefillMs, double decodeMs, int prompt, int cached, int decoded, int forced, int steps) =>
        new(matcher.Tokens.ToArray(), stop, prefillMs, decodeMs, prompt, cached, decoded, forced, steps);
}
