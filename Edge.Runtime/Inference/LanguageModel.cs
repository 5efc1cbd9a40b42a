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

    public LanguageModel(IDecoder decoder, Tokenizer tokenizer, TimeProvider clock, SearchOptions? search = null)
    {
        _decoder = decoder;
        Tokenizer = tokenizer;
        Syntax = new EdgeCallSyntax(tokenizer);
        _index = new TokenIndex(tokenizer.Vocabulary);
        Answers = new AnswerDecoder(decoder, tokenizer, clock, search);
    }

    /// <exception cref="ModelException">The folder or its graph is broken, or the model speaks a dialect that Edge does not know.</exception>
    public static LanguageModel Open(string path, DecoderOptions options, TimeProvider clock, SearchOptions? search = null)
    {
        var folder = ModelFolder.Open(path);
        if (!folder.Tokenizer.Vocabulary.Special.ContainsKey("<|call|>"))
        {
            throw new ModelException($"{path} has no <|call|> token; this version of Edge drives models of edge-38m's dialect.");
        }

        return new LanguageModel(new OnnxDecoder(folder, options), folder.Tokenizer, clock, search);
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
