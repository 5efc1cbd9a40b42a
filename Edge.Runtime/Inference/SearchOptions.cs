namespace Edge.Runtime.Inference;

/// <summary>How far the model looks ahead where a call may go on in several ways.</summary>
/// <param name="Width">Ways followed at once; 1 is greedy decoding.</param>
/// <param name="Ratio">A way is worth following if its next token is at least this likely, compared with the best one.</param>
/// <param name="RunsMax">Runs of the model spent on one choice.</param>
/// <param name="Scope">What is compared as a whole.</param>
public sealed record SearchOptions(int Width = 4, float Ratio = 0.02f, int RunsMax = 8, SearchScope Scope = SearchScope.Functions)
{
    public static readonly SearchOptions Default = new();

    public static readonly SearchOptions Greedy = new(Width: 1);
}

/// <summary>Which choices are searched; each includes those before it.</summary>
public enum SearchScope
{
    /// <summary>Listed values.</summary>
    Values,

    /// <summary>An argument's name together with its value.</summary>
    Arguments,

    /// <summary>A function's name together with its first argument and value.</summary>
    Functions,
}
