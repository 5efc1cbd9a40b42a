using Edge.Runtime.Tokens.Bpe;

namespace Edge.Runtime.Tokens;

/// <summary>Finds the tokenizer of a model folder by the files that lie in it.</summary>
public static class TokenizerFiles
{
    /// <summary>SentencePiece's model file, as Llama-2, TinyLlama and edge-38m carry it.</summary>
    public const string SentencePieceFile = "tokenizer.model";

    /// <summary>Hugging Face's file. Where both are there it knows more: tokens that were added to the model later.</summary>
    public const string JsonFile = "tokenizer.json";

    /// <exception cref="TokenizerException">No known tokenizer file, or it is broken.</exception>
    public static Tokenizer Load(string folder) => FileIn(folder) switch
    {
        JsonFile => BpeTokenizer.Load(Path.Combine(folder, JsonFile)),
        SentencePieceFile => SentencePieceTokenizer.Load(Path.Combine(folder, SentencePieceFile)),
        _ => throw new TokenizerException($"{folder} has no tokenizer; a model folder needs {JsonFile} (BPE) or {SentencePieceFile} (SentencePiece, BPE)."),
    };

    /// <summary>The name of the file that <see cref="Load"/> would read; null without one.</summary>
    public static string? FileIn(string folder) => new[] { JsonFile, SentencePieceFile }.FirstOrDefault(f => File.Exists(Path.Combine(folder, f)));
}
