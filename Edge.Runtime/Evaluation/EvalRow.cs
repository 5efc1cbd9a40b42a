using Edge.Functions.Catalog;

namespace Edge.Runtime.Evaluation;

/// <summary>One question of a suite with its right answer.</summary>
/// <param name="Id">Names the row in reports.</param>
/// <param name="Tools">What may be called.</param>
/// <param name="Messages">The conversation so far; its last message is to be answered.</param>
/// <param name="Expected">The calls that count as right, in any order; none where no call is right.</param>
public sealed record EvalRow(
    string Id,
    IReadOnlyList<FunctionDefinition> Tools,
    IReadOnlyList<EvalMessage> Messages,
    IReadOnlyList<ExpectedCall> Expected)
{
    /// <summary>What the user said last; empty where no user speaks.</summary>
    public string UserText => Messages.LastOrDefault(message => message.Role == "user")?.Content ?? "";
}
