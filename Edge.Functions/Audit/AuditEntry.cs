using System.Text.Json;

namespace Edge.Functions.Audit;

/// <summary>What happened.</summary>
/// <param name="Kind"><c>permit</c> before something moves, <c>done</c>, <c>failed</c>, <c>denied</c>, <c>asked</c>, <c>safe</c>, <c>start</c>.</param>
/// <param name="Arguments">As called; undefined for none.</param>
/// <param name="Said">One sentence: what was measured, or why not.</param>
public sealed record AuditEntry(string Kind, string Caller, string Call, JsonElement Arguments, string Said);
