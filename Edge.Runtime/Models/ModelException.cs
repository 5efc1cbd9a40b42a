using Edge.Runtime.Tokens;

namespace Edge.Runtime.Models;

/// <summary>A model's file or folder cannot be used; the message is one line: the file, the value, the limit, the way out.</summary>
public sealed class ModelException : Exception
{
    public ModelException(string message)
        : base(OneLine.Of(message))
    {
    }

    public ModelException(string message, Exception inner)
        : base(OneLine.Of(message), inner)
    {
    }
}
