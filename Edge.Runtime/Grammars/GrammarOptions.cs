namespace Edge.Runtime.Grammars;

/// <summary>Limits and choices of a grammar; each has a default, and what a schema says itself goes first.</summary>
public sealed record GrammarOptions
{
    public static readonly GrammarOptions Default = new();

    /// <summary>Characters in a string without <c>maxLength</c>.</summary>
    public int StringCharsMax { get; init; } = 256;

    /// <summary>Tokens in a string without <c>maxLength</c>, after which only its end is legal: without such a limit weak models run on.</summary>
    public int StringTokensMax { get; init; } = 64;

    /// <summary>Items of an array without <c>maxItems</c>, and undeclared members of an object.</summary>
    public int ArrayItemsMax { get; init; } = 16;

    /// <summary>What a schema may demand at least of anything: characters, items, members. No answer is that long.</summary>
    public int LeastMax { get; init; } = 10_000;

    /// <summary>How often a recursive reference may be entered on one path, and how deep a value without schema may nest.</summary>
    public int DepthMax { get; init; } = 4;

    /// <summary>Digits before the point of a number, or as many as its bounds have; and digits behind it.</summary>
    public int NumberDigitsMax { get; init; } = 15;

    /// <summary>Enumeration values match without regard to case; the declared spelling is restored afterwards.</summary>
    public bool EnumIgnoreCase { get; init; }

    /// <summary>Calls in one answer.</summary>
    public int CallsMax { get; init; } = 8;

    /// <summary>How values are written.</summary>
    public TextStyle Style { get; init; } = TextStyle.Compact;

    /// <summary>Whether an answer may be words instead of calls.</summary>
    public bool AllowWords { get; init; } = true;

    /// <summary>Characters of an answer in words; 0 leaves only the sign that there are none.</summary>
    public int SayCharsMax { get; init; } = 400;

    /// <summary>States of an automaton that a combination of conditions (pattern with length, range with multipleOf) may need.</summary>
    public int StatesMax { get; init; } = 20_000;

    /// <summary>Expressions of a whole grammar, about 60 bytes each.</summary>
    public int ExpressionsMax { get; init; } = 1_000_000;
}
