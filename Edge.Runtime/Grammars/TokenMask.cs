using System.Numerics;

namespace Edge.Runtime.Grammars;

/// <summary>Which tokens are legal next: one bit a token, set = legal. A view; it is valid until the matcher that gave it moves.</summary>
public readonly ref struct TokenMask(ReadOnlySpan<ulong> words)
{
    public ReadOnlySpan<ulong> Words { get; } = words;

    public bool this[int token] => (Words[token >> 6] >> (token & 63) & 1) != 0;

    /// <summary>How many tokens are legal.</summary>
    public int Count()
    {
        int count = 0;
        foreach (ulong word in Words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>Writes the legal token ids in rising order; the rows of the output projection that matter.</summary>
    /// <returns>How many were written; more than fit are left out.</returns>
    public int CopyTo(Span<int> rows)
    {
        int count = 0;
        for (int i = 0; i < Words.Length; i++)
        {
            for (ulong word = Words[i]; word != 0; word &= word - 1)
            {
                if (count == rows.Length)
                {
                    return count;
                }

                rows[count++] = (i << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return count;
    }

    /// <summary>Of a few legal tokens, as <see cref="CopyTo"/> wrote them, the one with the highest logit; no other row is looked at.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="logits">(vocabulary)</param>
    /// <returns>The token, or -1 if one of their logits is no number or overflowed: then nothing can be said of the others.</returns>
    public static int ArgMax(ReadOnlySpan<int> rows, ReadOnlySpan<float> logits)
    {
        int best = rows[0];
        bool isBroken = !(logits[best] < float.PositiveInfinity);
        foreach (int row in rows[1..])
        {
            isBroken |= !(logits[row] < float.PositiveInfinity);
            best = logits[row] > logits[best] ? row : best;
        }

        return isBroken ? -1 : best;
    }

    /// <summary>The legal token with the highest logit.</summary>
    /// <param name="logits">(vocabulary)</param>
    /// <returns>The token, or -1 if none is legal or a legal one's logit is no number or overflowed.</returns>
    public int ArgMax(ReadOnlySpan<float> logits)
    {
        int best = -1;
        bool isBroken = false;
        float most = float.NegativeInfinity;
        for (int i = 0; i < Words.Length; i++)
        {
            for (ulong word = Words[i]; word != 0; word &= word - 1)
            {
                int token = (i << 6) + BitOperations.TrailingZeroCount(word);
                isBroken |= !(logits[token] < float.PositiveInfinity);
                if (logits[token] > most || best < 0)
                {
                    (best, most) = (token, logits[token]);
                }
            }
        }

        return isBroken ? -1 : best;
    }
}
