using Edge.Functions.Calls;

namespace Edge.Functions.Safety;

/// <summary>A question put to somebody about one call.</summary>
/// <param name="Text">With how to answer: <c>Unlock front door? Say yes within 30 s.</c></param>
/// <param name="Token">Answers it once, in place of a yes; null where only the PIN does. It never reaches the model.</param>
public sealed record PendingQuestion(Caller Caller, BoundCall Call, string Text, string? Token, DateTimeOffset ExpiresAt)
{
    /// <summary>Other boards asked; they judge the answer.</summary>
    public bool IsOfBoards { get; init; }
}

/// <summary>What somebody's words are to an open question.</summary>
public abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>The call may be judged again, as confirmed.</summary>
    public sealed record Yes(BoundCall Call) : Answer;

    public sealed record No(BoundCall Call, Denial Denial) : Answer;
}
