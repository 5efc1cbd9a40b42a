using System.Text.Json;

namespace Edge.Functions.Calls;

/// <summary>A call as somebody said it (a model, a switch in the hub): well-formed, not trusted.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">A JSON object: argument name → value.</param>
public sealed record FunctionCall(string Name, JsonElement Arguments);
