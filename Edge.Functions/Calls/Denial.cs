namespace Edge.Functions.Calls;

/// <summary>A refusal as a value.</summary>
/// <param name="Code">Stable and short, for programs: <c>unknown-function</c>, <c>out-of-range</c>, <c>not-exposed</c>, …</param>
/// <param name="Message">One sentence for the user: the value, the limit, the way out.</param>
public sealed record Denial(string Code, string Message);
