using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Tokens;

namespace Edge.Tests.Fakes;

/// <summary>The model that is part of the repository, opened once for all tests that need its tokenizer or its weights.</summary>
internal static class ShippedModel
{
    private static readonly Lazy<Tokenizer> LazyTokenizer = new(() => TokenizerFiles.Load(Folder));
    private static readonly Lazy<TokenIndex> LazyIndex = new(() => new TokenIndex(LazyTokenizer.Value.Vocabulary));

    public static string Folder => Path.Combine(Repository.Root, "models", "edge-38m");

    public static Tokenizer Tokenizer => LazyTokenizer.Value;

    public static TokenIndex Index => LazyIndex.Value;

    /// <summary>A model of one's own; it is not thread-safe.</summary>
    public static LanguageModel Open() => LanguageModel.Open(Folder, new DecoderOptions { Threads = 1 }, TimeProvider.System);
}
