namespace Edge.Runtime.Tokens;

/// <summary>A tokenizer file cannot be used; the message is one line: the file, what is wrong, the way out.</summary>
public sealed class TokenizerException : Exception
{
    public TokenizerException(string message)
        : base(OneLine.Of(message))
    {
    }

    public TokenizerException(string message, Exception inner)
        : base(OneLine.Of(message), inner)
    {
    }
}
