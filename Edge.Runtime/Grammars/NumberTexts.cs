using System.Globalization;
using System.Numerics;

namespace Edge.Runtime.Grammars;

/// <summary>A bound of a number: the value and whether it is itself outside.</summary>
internal readonly record struct Bound(DecimalText Value, bool Exclusive);

/// <summary>
/// Numbers as expressions over their digits: plain decimals without exponent, without leading zeros, without <c>-0</c>,
/// with at most <paramref name="wholeDigits"/> digits before the point and <paramref name="digitsMax"/> behind it.
/// </summary>
internal sealed class NumberTexts(Expressions e, int wholeDigits, int digitsMax)
{
    private readonly int _digit = e.Bytes('0', '9');
    private readonly BigInteger _largest = BigInteger.Pow(10, wholeDigits) - 1;

    /// <summary>All integers from <paramref name="min"/> to <paramref name="max"/>, both inclusive.</summary>
    public int Integers(BigInteger? min, BigInteger? max)
    {
        var low = BigInteger.Max(min ?? -_largest, -_largest);
        var high = BigInteger.Min(max ?? _largest, _largest);
        if (low > high)
        {
            return Expressions.Never;
        }

        int positive = high.Sign < 0 ? Expressions.Never : Whole(BigInteger.Max(low, 0), high);
        int negative = low.Sign >= 0 ? Expressions.Never : e.Sequence(Byte('-'), Whole(BigInteger.Max(-high, 1), -low));
        return e.Choice(positive, negative);
    }

    /// <summary>All decimals between two bounds; a missing bound is none.</summary>
    public int Decimals(Bound? min, Bound? max, int statesMax)
    {
        var zero = new DecimalText(0, 0);
        int positive = max is { } m && (m.Value.IsNegative || (m.Exclusive && m.Value.Unscaled.IsZero))
            ? Expressions.Never
            : Magnitude(min is { } a && !a.Value.IsNegative ? a : null, max, statesMax);
        int negative = min is { } n && !n.Value.IsNegative
            ? Expressions.Never
            : e.Sequence(Byte('-'), Magnitude(
                max is { } b && b.Value.CompareTo(zero) < 0 ? Negate(b) : new Bound(zero, Exclusive: true),
                min is { } c ? Negate(c) : null,
                statesMax));
        return e.Choice(positive, negative);
    }

    /// <summary>All decimals (or integers only) that are a multiple of <paramref name="step"/>, of either sign.</summary>
    public int Multiples(DecimalText step, bool integersOnly)
    {
        // The automaton keeps the remainder of the digits read so far; behind the point only as many digits count as the step has.
        int modulus = (int)step.Unscaled;
        int fractionDigits = integersOnly ? 0 : step.Scale;
        var states = new int[fractionDigits + 1, modulus];
        for (int k = 0; k <= fractionDigits; k++)
        {
            for (int r = 0; r < modulus; r++)
            {
                states[k, r] = e.NewState(r * BigInteger.Pow(10, step.Scale - k) % modulus == 0);
            }
        }

        int zeros = e.NewState(accepts: true);
        e.Connect(zeros, [(ByteSet.Of((byte)'0'), zeros)]);
        for (int k = 0; k <= fractionDigits; k++)
        {
            for (int r = 0; r < modulus; r++)
            {
                var edges = new List<(ByteSet, int)>();
                if (k == 0 || k < fractionDigits)
                {
                    for (int d = 0; d < 10; d++)
                    {
                        edges.Add((ByteSet.Of((byte)('0' + d)), states[k == 0 ? 0 : k + 1, (int)(((long)r * 10 + d) % modulus)]));
                    }
                }
                else if (r == 0)
                {
                    edges.Add((ByteSet.Of((byte)'0'), zeros));
                }

                if (k == 0 && !integersOnly)
                {
                    edges.Add((ByteSet.Of((byte)'.'), PointState(states, r, fractionDigits, modulus, zeros, step.Scale)));
                }

                e.Connect(states[k, r], edges);
            }
        }

        return e.Sequence(e.Optional(Byte('-')), e.StateAt(states[0, 0]));
    }

    private int PointState(int[,] states, int r, int fractionDigits, int modulus, int zeros, int scale)
    {
        int state = e.NewState(accepts: false);
        var edges = new List<(ByteSet, int)>();
        if (fractionDigits > 0)
        {
            for (int d = 0; d < 10; d++)
            {
                edges.Add((ByteSet.Of((byte)('0' + d)), states[1, (int)(((long)r * 10 + d) % modulus)]));
            }
        }
        else if (r * BigInteger.Pow(10, scale) % modulus == 0)
        {
            edges.Add((ByteSet.Of((byte)'0'), zeros));
        }

        e.Connect(state, edges);
        return state;
    }

    private int Magnitude(Bound? min, Bound? max, int statesMax)
    {
        if (max is { } most && most.Value.Whole > _largest)
        {
            max = null;
        }

        int atLeast = min is { } a ? AtLeast(a) : -1;
        int atMost = max is { } b ? AtMost(b) : -1;
        return (atLeast, atMost) switch
        {
            (-1, -1) => e.Sequence(Whole(0, _largest), AnyFraction()),
            (_, -1) => atLeast,
            (-1, _) => atMost,
            _ => e.Finish(e.Both(atLeast, atMost), statesMax),
        };
    }

    private int AtLeast(Bound bound)
    {
        var whole = bound.Value.Whole;
        string fraction = bound.Value.Fraction;
        int same = fraction.Length > 0
            ? e.Sequence(Byte('.'), MoreDigits(fraction, 0, digitsMax, bound.Exclusive))
            : bound.Exclusive ? e.Sequence(Byte('.'), NonZero(digitsMax)) : AnyFraction();
        return e.Choice(
            whole < _largest ? e.Sequence(Whole(whole + 1, _largest), AnyFraction()) : Expressions.Never,
            whole <= _largest ? e.Sequence(Digits(whole), same) : Expressions.Never);
    }

    private int AtMost(Bound bound)
    {
        var whole = bound.Value.Whole;
        string fraction = bound.Value.Fraction;
        int same = fraction.Length > 0
            ? e.Optional(e.Sequence(Byte('.'), FewerDigits(fraction, 0, digitsMax, bound.Exclusive)))
            : bound.Exclusive ? Expressions.Never : e.Optional(e.Sequence(Byte('.'), e.Repeat(Byte('0'), 1, digitsMax)));
        return e.Choice(
            whole.Sign > 0 ? e.Sequence(Whole(0, whole - 1), AnyFraction()) : Expressions.Never,
            e.Sequence(Digits(whole), same));
    }

    /// <summary>Fraction digits that are greater than those of the bound from place <paramref name="i"/> on (or equal).</summary>
    private int MoreDigits(string bound, int i, int left, bool exclusive)
    {
        if (left == 0)
        {
            return Expressions.Never;
        }

        int more = bound[i] == '9' ? Expressions.Never : e.Sequence(e.Bytes(bound[i] + 1, '9'), e.Repeat(_digit, 0, left - 1));
        int rest = i + 1 < bound.Length
            ? MoreDigits(bound, i + 1, left - 1, exclusive)
            : exclusive ? NonZero(left - 1) : e.Repeat(_digit, 0, left - 1);
        return e.Choice(more, e.Sequence(Byte(bound[i]), rest));
    }

    private int FewerDigits(string bound, int i, int left, bool exclusive)
    {
        if (left == 0)
        {
            return Expressions.Never;
        }

        int fewer = bound[i] == '0' ? Expressions.Never : e.Sequence(e.Bytes('0', bound[i] - 1), e.Repeat(_digit, 0, left - 1));
        int rest = i + 1 < bound.Length
            ? e.Optional(FewerDigits(bound, i + 1, left - 1, exclusive))
            : exclusive ? Expressions.Never : e.Repeat(Byte('0'), 0, left - 1);
        return e.Choice(fewer, e.Sequence(Byte(bound[i]), rest));
    }

    /// <summary>At most <paramref name="left"/> digits, not all of them zero.</summary>
    private int NonZero(int left) => left == 0
        ? Expressions.Never
        : e.Choice(
            e.Sequence(e.Bytes('1', '9'), e.Repeat(_digit, 0, left - 1)),
            e.Sequence(Byte('0'), NonZero(left - 1)));

    private int AnyFraction() => e.Optional(e.Sequence(Byte('.'), e.Repeat(_digit, 1, digitsMax)));

    /// <summary>Integers without sign, from <paramref name="low"/> to <paramref name="high"/>.</summary>
    private int Whole(BigInteger low, BigInteger high)
    {
        if (low > high)
        {
            return Expressions.Never;
        }

        if (high == _largest && low <= BigInteger.One)
        {
            // Nearly every number: nothing but its length is limited.
            int any = e.Sequence(e.Bytes('1', '9'), e.Repeat(_digit, 0, wholeDigits - 1));
            return low.IsZero ? e.Choice(Byte('0'), any) : any;
        }

        int result = Expressions.Never;
        int longest = Text(high).Length;
        for (int length = Text(low).Length; length <= longest; length++)
        {
            var first = length == 1 ? BigInteger.Zero : BigInteger.Pow(10, length - 1);
            var last = BigInteger.Pow(10, length) - 1;
            result = e.Choice(result, SameLength(Text(BigInteger.Max(low, first)), Text(BigInteger.Min(high, last)), 0, false, false));
        }

        return result;
    }

    private int SameLength(string low, string high, int i, bool aboveLow, bool belowHigh)
    {
        if (i == low.Length)
        {
            return Expressions.Empty;
        }

        if (aboveLow && belowHigh)
        {
            return e.Repeat(_digit, low.Length - i, low.Length - i);
        }

        int first = aboveLow ? '0' : low[i], last = belowHigh ? '9' : high[i];
        if (first == last)
        {
            return e.Sequence(Byte((char)first), SameLength(low, high, i + 1, aboveLow, belowHigh));
        }

        int result = Expressions.Never;
        if (!aboveLow)
        {
            result = e.Sequence(Byte((char)first), SameLength(low, high, i + 1, false, true));
            first++;
        }

        if (!belowHigh)
        {
            result = e.Choice(result, e.Sequence(Byte((char)last), SameLength(low, high, i + 1, true, false)));
            last--;
        }

        return first > last ? result : e.Choice(result, e.Sequence(e.Bytes(first, last), SameLength(low, high, i + 1, true, true)));
    }

    private static Bound Negate(Bound bound) => bound with { Value = bound.Value with { Unscaled = -bound.Value.Unscaled } };

    private static string Text(BigInteger value) => value.ToString(CultureInfo.InvariantCulture);

    private int Digits(BigInteger value) => e.Literal(System.Text.Encoding.ASCII.GetBytes(Text(value)));

    private int Byte(char c) => e.Bytes(c, c);
}
