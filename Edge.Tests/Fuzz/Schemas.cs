using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Edge.Runtime.Grammars;
using Edge.Tests.Grammars.Reference;

namespace Edge.Tests.Fuzz;

/// <summary>What both targets do with a schema.</summary>
internal static class Schemas
{
    private const int JudgedBytesMax = 200;

    public static bool TryCompile(byte[] schema, GrammarOptions options, [NotNullWhen(true)] out Grammar? grammar)
    {
        grammar = null;
        try
        {
            using var document = JsonDocument.Parse(schema);
            grammar = Grammar.FromSchema(document.RootElement, options with { StatesMax = 2_000, ExpressionsMax = 200_000 });
            return true;
        }
        catch (Exception refusal) when (refusal is JsonException or SchemaFault)
        {
            return false;
        }
    }

    /// <summary>The judge of a schema; null for what its plain methods would take forever over, or do not know.</summary>
    public static Judge? JudgeOf(byte[] schema, GrammarOptions options)
    {
        string text = Encoding.UTF8.GetString(schema);
        bool isSlow = text.Contains("pattern", StringComparison.Ordinal) && text.Count(c => c is '*' or '+' or '{' or '?') > 8;
        bool hasLongNumbers = LongestRun(text) > 20 || HasLargeExponent(text);
        try
        {
            return isSlow || hasLongNumbers || text.Contains('�', StringComparison.Ordinal) ? null : new Judge(text, options);
        }
        catch (Exception unknown) when (IsUnknown(unknown))
        {
            return null;
        }
    }

    /// <summary>The judge's verdict; null where it has none.</summary>
    public static bool? Verdict(Judge? judge, byte[] text)
    {
        try
        {
            return text.Length > JudgedBytesMax ? null : judge?.Accepts(text);
        }
        catch (Exception unknown) when (IsUnknown(unknown))
        {
            return null;
        }
    }

    public static int Seed(byte[] input)
    {
        int seed = 17;
        foreach (byte b in input)
        {
            seed = (seed * 31) + b;
        }

        return seed;
    }

    private static bool IsUnknown(Exception fault) => fault is NotSupportedException or FormatException or InvalidCastException or OverflowException or InsufficientExecutionStackException or ArgumentException;

    private static int LongestRun(string text)
    {
        int longest = 0, run = 0;
        foreach (char c in text)
        {
            run = char.IsAsciiDigit(c) ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private static bool HasLargeExponent(string text)
    {
        for (int i = 1; i + 3 < text.Length; i++)
        {
            if (text[i] is 'e' or 'E' && char.IsAsciiDigit(text[i - 1]))
            {
                int digits = text.AsSpan(i + 1).TrimStart("+-").IndexOfAnyExceptInRange('0', '9');
                if (digits is < 0 or > 2)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
