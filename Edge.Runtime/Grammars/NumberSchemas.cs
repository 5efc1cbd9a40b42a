using System.Numerics;

namespace Edge.Runtime.Grammars;

/// <summary>Integers and numbers: bounds and multiples.</summary>
internal sealed class NumberSchemas(Expressions e, GrammarOptions options)
{
    /// <summary>The largest numerator of a multipleOf: its automaton has that many states a digit behind the point.</summary>
    private const int StepMax = 10_000;

    private readonly NumberTexts _texts = new(e, options.NumberDigitsMax);

    public int Compile(IReadOnlyList<SchemaPart> parts, bool integersOnly)
    {
        Bound? min = null, max = null;
        int multiples = -1;
        foreach (var part in parts)
        {
            min = Tighter(min, part.Number("minimum"), false, 1);
            min = Tighter(min, part.Number("exclusiveMinimum"), true, 1);
            max = Tighter(max, part.Number("maximum"), false, -1);
            max = Tighter(max, part.Number("exclusiveMaximum"), true, -1);
            if (part.Number("multipleOf") is { } step)
            {
                int one = _texts.Multiples(Checked(part, step), integersOnly);
                multiples = multiples < 0 ? one : e.Both(multiples, one);
            }
        }

        int range = integersOnly
            ? _texts.Integers(min is { } a ? Least(a) : null, max is { } b ? Most(b) : null)
            : _texts.Decimals(min, max, options.StatesMax);
        return multiples < 0 ? range : e.Finish(e.Both(range, multiples), options.StatesMax);
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
