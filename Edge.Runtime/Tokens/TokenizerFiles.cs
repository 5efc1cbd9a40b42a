namespace Edge.Runtime.Tokens;

/// <summary>Finds the tokenizer of a model folder by the files that lie in it.</summary>
public static class TokenizerFiles
{
    /// <summary>SentencePiece's model file, as Llama-2, TinyLlama and edge-38m carry it.</summary>
    public const string SentencePieceFile = "tokenizer.model";

    /// <exception cref="TokenizerException">No known tokenizer file, or it is broken.</exception>
    public static Tokenizer Load(string folder)
    {
        string sentencePiece = Path.Combine(folder, SentencePieceFile);
        if (File.Exists(sentencePiece))
        {
            return SentencePieceTokenizer.Load(sentencePiece);
        }

        string found = File.Exists(Path.Combine(folder, "tokenizer.json"))
            ? "only tokenizer.json, which Edge cannot read yet"
            : "no tokenizer";
        throw new TokenizerException($"{folder} has {found}; a model folder needs {SentencePieceFile} (SentencePiece, BPE).");
    }
}
