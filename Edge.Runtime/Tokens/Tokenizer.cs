namespace Edge.Runtime.Tokens;

/// <summary>Text ↔ token ids.</summary>
public abstract class Tokenizer
{
    public abstract Vocabulary Vocabulary { get; }

    /// <summary>Appends the ids of <paramref name="text"/>. Special tokens written in it are not recognized: text stays text.</summary>
    public abstract void EncodeText(ReadOnlySpan<char> text, List<int> ids);

    /// <summary>Appends the ids of a template's text, in which special tokens stand for themselves.</summary>
    public abstract void EncodeTemplate(ReadOnlySpan<char> template, List<int> ids);

    /// <summary>The text of <paramref name="ids"/>; special tokens are left out, broken UTF-8 becomes U+FFFD.</summary>
    public abstract string Decode(ReadOnlySpan<int> ids);
}
