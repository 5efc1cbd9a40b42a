using Edge.Functions.Calls;

namespace Edge.Runtime.Prompts;

/// <summary>One turn of a conversation with the model.</summary>
public abstract record Turn
{
    private Turn()
    {
    }

    /// <summary>What the user said.</summary>
    public sealed record User(string Text) : Turn;

    /// <summary>Calls the model made.</summary>
    public sealed record Calls(IReadOnlyList<FunctionCall> Made) : Turn;

    /// <summary>Their results as compact JSON, one a call, in order.</summary>
    public sealed record Results(IReadOnlyList<string> Json) : Turn;

    /// <summary>Words the model answered with.</summary>
    public sealed record Words(string Text) : Turn;
}
