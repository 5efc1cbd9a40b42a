namespace Edge.Runtime.Grammars;

/// <summary>A grammar outgrew one of its limits; the message names the limit and the way out.</summary>
public sealed class GrammarLimitException(string message) : Exception(message);
