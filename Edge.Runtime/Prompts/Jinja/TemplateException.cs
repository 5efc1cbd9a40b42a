namespace Edge.Runtime.Prompts.Jinja;

/// <summary>A chat template cannot be read or used; one line: where, what, the way out.</summary>
public sealed class TemplateException(string message, int line) : Exception($"Chat template, line {line}: {message}.")
{
    public int Line { get; } = line;
}
