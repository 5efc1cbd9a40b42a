using System.Text.Json;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;

namespace Edge.Runtime.Evaluation;

/// <summary>
/// Says whether calls count as right, by the rules of the Berkeley Function-Calling Leaderboard's AST check: as many calls as expected, each
/// matching another expected one (in any order): equal name, only declared arguments, every required one, each value in its list.
/// </summary>
public static class CallScorer
{
    /// <returns>What is wrong first of all; <see cref="EvalVerdict.Right"/> when nothing is.</returns>
    public static EvalVerdict Score(EvalRow row, IReadOnlyList<FunctionCall> given)
    {
        if (given.Count != row.Expected.Count)
        {
            return given.Count > row.Expected.Count ? EvalVerdict.ExtraCall : EvalVerdict.MissingCall;
        }

        if (!given.Select(call => call.Name).Order(StringComparer.Ordinal).SequenceEqual(row.Expected.Select(call => call.Name).Order(StringComparer.Ordinal)))
        {
            return EvalVerdict.WrongName;
        }

        bool[] taken = new bool[given.Count];
        return CanPair(row, given, 0, taken) ? EvalVerdict.Right : EvalVerdict.WrongArgument;
    }

    /// <summary>Whether one call matches one expected call.</summary>
    public static bool Matches(IReadOnlyList<FunctionDefinition> tools, ExpectedCall expected, FunctionCall given)
    {
        var definition = tools.FirstOrDefault(tool => tool.Name == given.Name);
        if (definition is null || given.Name != expected.Name || given.Arguments.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var argument in given.Arguments.EnumerateObject())
        {
            if (!TryDeclared(definition, argument.Name, out var schema)
                || !expected.Arguments.TryGetValue(argument.Name, out var accepted)
                || !AcceptedValue.IsIn(accepted, argument.Value, schema))
            {
                return false;
            }
        }

        return Required(definition).All(name => given.Arguments.TryGetProperty(name, out _))
            && expected.Arguments.All(argument => given.Arguments.TryGetProperty(argument.Key, out _) || AcceptedValue.MayBeLeftOut(argument.Value));
    }

    // Taking the first call that fits may leave a later one without a partner, so every pairing is tried; rows hold a handful of calls.
    private static bool CanPair(EvalRow row, IReadOnlyList<FunctionCall> given, int at, bool[] taken)
    {
        if (at == given.Count)
        {
            return true;
        }

        for (int i = 0; i < row.Expected.Count; i++)
        {
            if (!taken[i] && Matches(row.Tools, row.Expected[i], given[at]))
            {
                taken[i] = true;
                if (CanPair(row, given, at + 1, taken))
                {
                    return true;
                }

                taken[i] = false;
            }
        }

        return false;
    }

    private static bool TryDeclared(FunctionDefinition definition, string name, out JsonElement schema)
    {
        schema = default;
        return definition.Parameters.TryGetProperty("properties", out var properties)
            && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty(name, out schema);
    }

    private static IEnumerable<string> Required(FunctionDefinition definition) =>
        definition.Parameters.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array
            ? required.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)
            : [];
}
