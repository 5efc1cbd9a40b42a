using Edge.Functions.Calls;

namespace Edge.Functions.Safety;

/// <summary>What the gate says about a bound call.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    public sealed record Allowed(PermittedCall Call) : Verdict;

    /// <param name="Question">For the user: what would happen.</param>
    /// <param name="IsPin">Only the owner's PIN answers it.</param>
    public sealed record NeedsConfirmation(BoundCall Call, string Question, bool IsPin = false) : Verdict;

    public sealed record Denied(Denial Denial) : Verdict;
}
