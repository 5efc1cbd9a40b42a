using Edge.Functions.Calls;
using Edge.Functions.Catalog;

namespace Edge.Runtime.Evaluation;

/// <summary>Whatever answers a row with calls: a model with its grammar, the same without, or a script in a test.</summary>
public interface ICaller
{
    /// <returns>The calls of one turn, in the order said; none for an answer in words.</returns>
    IReadOnlyList<FunctionCall> Call(IReadOnlyList<FunctionDefinition> tools, IReadOnlyList<EvalMessage> messages, CancellationToken cancellationToken);
}
