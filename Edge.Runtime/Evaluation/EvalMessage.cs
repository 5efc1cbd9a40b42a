using Edge.Functions.Calls;

namespace Edge.Runtime.Evaluation;

/// <summary>One message of a row, in OpenAI's roles.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Content">The words, or a function's result as JSON text; empty where there are only calls.</param>
/// <param name="Calls">What an assistant called in this message; empty for the other roles.</param>
public sealed record EvalMessage(string Role, string Content, IReadOnlyList<FunctionCall> Calls);
