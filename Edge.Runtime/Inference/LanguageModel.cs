using Edge.Functions.Catalog;
using Edge.Runtime.Grammars;
using Edge.Runtime.Models;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Inference;

/// <summary>A model folder made ready: decoder, tokenizer, vocabulary index, call syntax.</summary>
public sealed class LanguageModel : IDisposable
{
    private readonly IDecoder _decoder;
    private readonly TokenIndex _index;

    /// <param name="syntax">How the model writes calls; the shipped model's way when not given.</param>
    public LanguageModel(IDecoder decoder, Tokenizer tokenizer, TimeProvider clock, SearchOptions? search = null, CallSyntax? syntax = null)
    {
        _decoder = decoder;
        Tokenizer = tokenizer;
        Syntax = syntax ?? new EdgeCallSyntax(tokenizer);
        _index = new TokenIndex(tokenizer.Vocabulary);
        Answers = new AnswerDecoder(decoder, tokenizer, clock, search);
    }

    /// <exception cref="ModelException">The folder or its graph is broken, or its vocabulary lacks what its dialect needs.</exception>
    public static LanguageModel Open(string path, DecoderOptions options, TimeProvider clock, SearchOptions? search = null) =>
        Open(ModelFolder.Open(path), options, clock, search);

    /// <inheritdoc cref="Open(string, DecoderOptions, TimeProvider, SearchOptions?)"/>
    public static LanguageModel Open(ModelFolder folder, DecoderOptions options, TimeProvider clock, SearchOptions? search = null)
    {
        var syntax = CallSyntaxes.Of(folder);

        // The search reads the shipped model's compact JSON; other spellings are decoded greedily.
        return new LanguageModel(folder.GenAi is null ? new OnnxDecoder(folder, options) : new GenAiDecoder(folder, options), folder.Tokenizer, clock, syntax is EdgeCallSyntax ? search : SearchOptions.Greedy, syntax);
    }

    public Tokenizer Tokenizer { get; }

    public CallSyntax Syntax { get; }

    public AnswerDecoder Answers { get; }

    /// <summary>Tokens a prompt and its answer may have together.</summary>
    public int ContextLength => _decoder.ContextLength;

    /// <summary>A matcher for the answers about one catalogue.</summary>
    /// <exception cref="SchemaFault">A function cannot be enforced.</exception>
    public TokenMatcher Matcher(IReadOnlyList<FunctionDefinition> functions, GrammarOptions options) => new(Syntax.Compile(functions, options), _index);

    public void Dispose() => _decoder.Dispose();
}
