using System.Text.Json;

namespace Edge.Runtime.Evaluation;

/// <summary>A call that counts as right.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">Argument name → accepted values; a JSON null among them means that the argument may be left out.</param>
public sealed record ExpectedCall(string Name, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Arguments);
