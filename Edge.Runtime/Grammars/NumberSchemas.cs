using System.Numerics;

namespace Edge.Runtime.Grammars;

/// <summary>Integers and numbers: bounds and multiples.</summary>
internal sealed class NumberSchemas(Expressions e, GrammarOptions options)
{
    /// <summary>The largest numerator of a multipleOf: its automaton has that many states a digit behind the point.</summary>
    private const int StepMax = 10_000;

    // Catalogues repeat themselves: most numbers have no bounds, or those of a percentage.
    private readonly Dictionary<(Bound?, Bound?, int, bool), int> _ranges = [];
    private readonly Dictionary<(DecimalText, bool), int> _multiples = [];

    public int Compile(IReadOnlyList<SchemaPart> parts, bool integersOnly)
    {
        Bound? min = null, max = null;
        int multiples = -1, digits = options.NumberDigitsMax;
        foreach (var part in parts)
        {
            min = Tighter(min, Bound(part, "minimum"), false, 1);
            min = Tighter(min, Bound(part, "exclusiveMinimum"), true, 1);
            max = Tighter(max, Bound(part, "maximum"), false, -1);
            max = Tighter(max, Bound(part, "exclusiveMaximum"), true, -1);
            if (part.Number("multipleOf") is { } step)
            {
                int one = Multiples(Checked(part, step), integersOnly);
                multiples = multiples < 0 ? one : e.Both(multiples, one);
            }
        }

        int range = Range(min, max, digits, integersOnly);
        return multiples < 0 ? range : e.Finish(e.Both(range, multiples), options.StatesMax);

        // A bound that has more digits than the default says that there are numbers so long.
        DecimalText? Bound(SchemaPart part, string keyword)
        {
            var bound = part.Number(keyword);
            digits = Math.Max(digits, bound?.WholeDigits ?? 0);
            return bound;
        }
    }

    private int Range(Bound? min, Bound? max, int digits, bool integersOnly)
    {
        if (!_ranges.TryGetValue((min, max, digits, integersOnly), out int range))
        {
            var texts = new NumberTexts(e, digits, options.NumberDigitsMax);
            range = integersOnly
                ? texts.Integers(min is { } a ? Least(a) : null, max is { } b ? Most(b) : null)
                : texts.Decimals(min, max, options.StatesMax);
            _ranges.Add((min, max, digits, integersOnly), range);
        }

        return range;
    }

    private int Multiples(DecimalText step, bool integersOnly)
    {
        if (!_multiples.TryGetValue((step, integersOnly), out int multiples))
        {
            multiples = new NumberTexts(e, options.NumberDigitsMax, options.NumberDigitsMax).Multiples(step, integersOnly);
            _multiples.Add((step, integersOnly), multiples);
        }

        return multiples;
    }

    private static DecimalText Checked(SchemaPart part, DecimalText step)
    {
        if (step.Unscaled.Sign <= 0)
        {
            throw part.Fault("multipleOf", $"{step} must be greater than 0.");
        }

        return step.Unscaled <= StepMax && step.Scale <= 6
            ? step
            : throw part.Fault("multipleOf", $"{step} is too fine to enforce; use at most {StepMax} steps and 6 digits behind the point.");
    }

    private static Bound? Tighter(Bound? bound, DecimalText? value, bool exclusive, int sign)
    {
        if (value is not { } v)
        {
            return bound;
        }

        int order = bound is { } b ? v.CompareTo(b.Value) * sign : 1;
        return order > 0 || (order == 0 && exclusive) ? new Bound(v, exclusive) : bound;
    }

    private static BigInteger Least(Bound bound)
    {
        var ceiling = bound.Value.Ceiling();
        return bound.Exclusive && bound.Value.IsInteger ? ceiling + 1 : ceiling;
    }

    private static BigInteger Most(Bound bound)
    {
        var floor = bound.Value.Floor();
        return bound.Exclusive && bound.Value.IsInteger ? floor - 1 : floor;
    }
}
