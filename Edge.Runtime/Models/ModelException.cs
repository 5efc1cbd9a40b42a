namespace Edge.Runtime.Models;

/// <summary>A model's file or folder cannot be used; the message is one line: the file, the value, the limit, the way out.</summary>
public sealed class ModelException : Exception
{
    private const int MessageCharsMax = 600;

    public ModelException(string message)
        : base(OneLine(message))
    {
    }

    public ModelException(string message, Exception inner)
        : base(OneLine(message), inner)
    {
    }

    /// <summary>Messages quote names out of foreign files: no line breaks, no control codes for the terminal, no end without end.</summary>
    private static string OneLine(string message)
    {
        string shown = message.Length <= MessageCharsMax ? message : string.Concat(message.AsSpan(0, MessageCharsMax), "…");
        return string.Create(shown.Length, shown, static (line, text) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(text[i]) ? ' ' : text[i];
            }
        });
    }
}
