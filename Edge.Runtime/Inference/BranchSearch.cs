using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Edge.Runtime.Grammars;

namespace Edge.Runtime.Inference;

/// <summary>
/// Looks ahead where a call may go on in several ways: a function's name with its first argument, an argument's name with its value, a listed
/// value. Ways are followed side by side behind the one cached prefix and compared as wholes; where the model is sure nothing is spent.
/// Calls against words, numbers and free texts are never searched: longer answers are less likely, whatever they say.
/// </summary>
internal sealed class BranchSearch
{
    private readonly PrefixCache _cache;
    private readonly ForcedTokens _forced;
    private readonly SearchOptions _options;
    private readonly List<int> _force = new(64);
    private readonly int[] _top;
    private readonly List<Beam> _beams, _next, _spare;
    private readonly int[] _nodeTokens = new int[OnnxDecoder.BranchNodesMax];
    private readonly int[] _nodeParents = new int[OnnxDecoder.BranchNodesMax];
    private int _nodes;

    public BranchSearch(PrefixCache cache, ForcedTokens forced, SearchOptions options)
    {
        (_cache, _forced, _options) = (cache, forced, options);
        _top = new int[options.Width];
        int beams = options.Width * (options.Width + 2);
        (_beams, _next, _spare) = (new(beams), new(beams), new(beams));
        for (int i = 0; i < beams; i++)
        {
            _spare.Add(new Beam());
        }
    }

    /// <summary>Runs of the model in the last search.</summary>
    public int Runs { get; private set; }

    /// <summary>The last search met logits that are no numbers, and chose nothing.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Searches from where the matcher stands; the logits are those behind the last token in the cache.</summary>
    /// <param name="chosen">Gets the tokens of the best way: the first <paramref name="kept"/> of them are already in the cache.</param>
    /// <returns>False if there is nothing to search here; then nothing has changed.</returns>
    public bool TryChoose(TokenMatcher matcher, ReadOnlySpan<float> logits, List<int> chosen, out int kept)
    {
        kept = 0;
        Runs = 0;
        IsBroken = false;
        if (_options.Width < 2 || _cache.Decoder.Length == 0 || !IsChoice(matcher, out int done))
        {
            return false;
        }

        // One that is no number spoils the probabilities of all; the greatest is then none either.
        if (!float.IsFinite(TensorPrimitives.Max(logits)))
        {
            return Break(matcher, matcher.Tokens.Length, chosen);
        }

        int count = Top(matcher.Mask(), logits);
        if (count < 2)
        {
            return false;
        }

        double total = LogSum(logits);
        for (int i = 0; i < count; i++)
        {
            var beam = Take();
            beam.Tokens.Add(_top[i]);
            beam.FirstLogProbability = beam.LogProbability = logits[_top[i]] - total;
            _beams.Add(beam);
        }

        int at = matcher.Tokens.Length;
        while (true)
        {
            bool open = false;
            foreach (var beam in _beams)
            {
                open |= Extend(matcher, at, beam, done);
            }

            if (_beams.Count == 1 || Runs == _options.RunsMax || !Plant())
            {
                break;
            }

            var all = _cache.Decoder.RunBranches(_nodeTokens.AsSpan(0, _nodes), _nodeParents.AsSpan(0, _nodes));
            Runs++;
            foreach (var beam in _beams)
            {
                Score(beam, all);
                IsBroken |= double.IsNaN(beam.LogProbability);
            }

            if (IsBroken)
            {
                return Break(matcher, at, chosen);
            }

            if (!open)
            {
                break;
            }

            Branch(matcher, at, all);
            if (IsBroken)
            {
                return Break(matcher, at, chosen);
            }
        }

        kept = End(matcher, at, chosen);
        return true;
    }

    /// <summary>Whether a search may begin here: then the probabilities of all tokens are wanted.</summary>
    public bool MaySearch(TokenMatcher matcher) => _options.Width > 1 && IsChoice(matcher, out _);

    /// <summary>Whether the call stands where alternatives are narrow.</summary>
    private bool IsChoice(TokenMatcher matcher, out int done)
    {
        var cursor = new CallCursor();
        cursor.Feed(matcher.Text);
        done = cursor.Done;
        return IsInScope(cursor) && matcher.IsInCall && !matcher.IsWide && !cursor.InNested && !cursor.InBareValue && !(cursor.AtValue && matcher.MayBeginOpenValue);
    }

    private bool IsInScope(in CallCursor cursor) => _options.Scope switch
    {
        SearchScope.Functions => true,
        SearchScope.Arguments => cursor.InArguments,
        _ => cursor.InValue,
    };

    /// <summary>Lets a way take what is forced, and finds out whether it is at its end.</summary>
    /// <returns>Whether the model has to be asked how it goes on.</returns>
    private bool Extend(TokenMatcher matcher, int at, Beam beam, int done)
    {
        if (beam.IsDone)
        {
            return false;
        }

        Stand(matcher, at, beam);
        while (!(beam.IsDone = IsEnd(matcher, done)))
        {
            _forced.Find(matcher, _force);
            if (_force.Count == 0)
            {
                return true;
            }

            foreach (int token in _force)
            {
                matcher.TryAccept(token);
                beam.Tokens.Add(token);
            }
        }

        return false;
    }

    private static bool IsEnd(TokenMatcher matcher, int done)
    {
        if (matcher.IsComplete || matcher.IsFaulted || !matcher.IsInCall || matcher.IsWide)
        {
            return true;
        }

        var cursor = new CallCursor();
        cursor.Feed(matcher.Text);
        return cursor.Done > done || cursor.InNested
            || (cursor.AtValue && matcher.MayBeginOpenValue)
            || (cursor.InBareValue && matcher.IsBareValueComplete);
    }

    private static void Stand(TokenMatcher matcher, int at, Beam beam)
    {
        matcher.Rollback(matcher.Tokens.Length - at);
        foreach (int token in beam.Tokens)
        {
            matcher.TryAccept(token);
        }
    }

    /// <summary>Lays the ways out as one tree with their common beginnings shared.</summary>
    /// <returns>False if the tree would be too large.</returns>
    private bool Plant()
    {
        _nodes = 0;
        foreach (var beam in _beams)
        {
            beam.Nodes.Clear();
            int parent = -1;
            foreach (int token in beam.Tokens)
            {
                int node = Find(parent, token);
                if (node < 0)
                {
                    if (_nodes == _nodeTokens.Length || _cache.Decoder.Length + _nodes >= _cache.Decoder.ContextLength)
                    {
                        _beams.ForEach(static b => b.Nodes.Clear());
                        return false;
                    }

                    node = _nodes++;
                    (_nodeTokens[node], _nodeParents[node]) = (token, parent);
                }

                beam.Nodes.Add(node);
                parent = node;
            }
        }

        return true;
    }

    private int Find(int parent, int token)
    {
        for (int node = parent + 1; node < _nodes; node++)
        {
            if (_nodeParents[node] == parent && _nodeTokens[node] == token)
            {
                return node;
            }
        }

        return -1;
    }

    private void Score(Beam beam, ReadOnlySpan<float> all)
    {
        double sum = beam.FirstLogProbability;
        int vocabulary = _cache.Decoder.Vocabulary;
        for (int i = 1; i < beam.Tokens.Count; i++)
        {
            var row = all.Slice(beam.Nodes[i - 1] * vocabulary, vocabulary);
            sum += row[beam.Tokens[i]] - LogSum(row);
        }

        beam.LogProbability = sum;
    }

    /// <summary>Lets each open way go on with its likely tokens, and keeps the best ways of all.</summary>
    private void Branch(TokenMatcher matcher, int at, ReadOnlySpan<float> all)
    {
        int vocabulary = _cache.Decoder.Vocabulary;
        foreach (var beam in _beams)
        {
            if (beam.IsDone)
            {
                _next.Add(beam);
                continue;
            }

            Stand(matcher, at, beam);
            var row = all.Slice(beam.Nodes[^1] * vocabulary, vocabulary);
            double total = LogSum(row);
            IsBroken |= double.IsNaN(total);
            int count = Top(matcher.Mask(), row);
            for (int i = 0; i < count; i++)
            {
                var longer = Take();
                longer.CopyFrom(beam);
                longer.Tokens.Add(_top[i]);
                longer.LogProbability += row[_top[i]] - total;
                _next.Add(longer);
            }

            _spare.Add(beam);
        }

        _beams.Clear();
        _next.Sort(static (a, b) => b.LogProbability.CompareTo(a.LogProbability));
        double least = _next[0].LogProbability + Math.Log(_options.Ratio);
        foreach (var beam in _next)
        {
            (_beams.Count < _options.Width && beam.LogProbability >= least ? _beams : _spare).Add(beam);
        }

        _next.Clear();
    }

    private int End(TokenMatcher matcher, int at, List<int> chosen)
    {
        var best = _beams[0];
        foreach (var beam in _beams)
        {
            best = beam.LogProbability > best.LogProbability ? beam : best;
        }

        Stand(matcher, at, best);
        chosen.Clear();
        chosen.AddRange(best.Tokens);

        // What the last run computed of this way need not be computed again, but for the last token, whose logits are wanted next.
        int kept = Math.Min(best.Nodes.Count, best.Tokens.Count - 1);
        if (kept > 0)
        {
            _cache.KeepBranch(CollectionsMarshal.AsSpan(best.Nodes)[..kept], CollectionsMarshal.AsSpan(best.Tokens)[..kept]);
        }

        _spare.AddRange(_beams);
        _beams.Clear();
        return kept;
    }

    /// <summary>Ends a search without a choice, with everything as it was before.</summary>
    private bool Break(TokenMatcher matcher, int at, List<int> chosen)
    {
        IsBroken = true;
        matcher.Rollback(matcher.Tokens.Length - at);
        chosen.Clear();
        _spare.AddRange(_beams);
        _beams.Clear();
        return true;
    }

    private Beam Take()
    {
        var beam = _spare[^1];
        _spare.RemoveAt(_spare.Count - 1);
        beam.Tokens.Clear();
        beam.Nodes.Clear();
        beam.IsDone = false;
        return beam;
    }

    /// <summary>Writes the likely legal tokens into <see cref="_top"/>, best first.</summary>
    private int Top(TokenMask mask, ReadOnlySpan<float> logits)
    {
        int count = 0;
        for (int i = 0; i < mask.Words.Length; i++)
        {
            for (ulong word = mask.Words[i]; word != 0; word &= word - 1)
            {
                int token = (i << 6) + System.Numerics.BitOperations.TrailingZeroCount(word);
                int place = count;
                while (place > 0 && logits[_top[place - 1]] < logits[token])
                {
                    place--;
                }

                if (place < _top.Length)
                {
                    count = Math.Min(count + 1, _top.Length);
                    for (int k = count - 1; k > place; k--)
                    {
                        _top[k] = _top[k - 1];
                    }

                    _top[place] = token;
                }
            }
        }

        float least = count > 0 ? logits[_top[0]] + MathF.Log(_options.Ratio) : 0;
        while (count > 1 && logits[_top[count - 1]] < least)
        {
            count--;
        }

        return count;
    }

    private static double LogSum(ReadOnlySpan<float> logits)
    {
        float most = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += MathF.Exp(logit - most);
        }

        return most + Math.Log(sum);
    }
}
