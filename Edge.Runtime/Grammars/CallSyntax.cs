using Edge.Functions.Calls;
using Edge.Functions.Catalog;

namespace Edge.Runtime.Grammars;

/// <summary>How a model family writes an answer: calls of the catalogue's functions, or words.</summary>
public abstract class CallSyntax
{
    /// <summary>The grammar of one answer.</summary>
    /// <exception cref="SchemaFault">A function's parameters cannot be enforced; the pointer begins with the function's name.</exception>
    public abstract Grammar Compile(IReadOnlyList<FunctionDefinition> functions, GrammarOptions options);

    /// <summary>Reads an answer that the grammar accepted.</summary>
    /// <param name="tokens">The answer, with its end token or without.</param>
    /// <param name="functions">The catalogue the grammar was made of; restores the declared spelling of enumeration values.</param>
    public abstract ModelAnswer Read(ReadOnlySpan<int> tokens, IReadOnlyList<FunctionDefinition> functions);

    /// <summary>Tokens that end an answer.</summary>
    public abstract IReadOnlyList<int> EndTokens { get; }
}

/// <summary>What a model said: calls, or words.</summary>
/// <param name="Calls">In order; empty for an answer in words.</param>
/// <param name="Words">Null where there are calls.</param>
/// <param name="IsWellFormed">False where the text is neither (only possible without a grammar).</param>
public sealed record ModelAnswer(IReadOnlyList<FunctionCall> Calls, string? Words, bool IsWellFormed = true);
