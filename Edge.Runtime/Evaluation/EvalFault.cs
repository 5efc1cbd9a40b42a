namespace Edge.Runtime.Evaluation;

/// <summary>A suite that cannot be read: one sentence with the file, the line, what is wrong there and what would be right.</summary>
public sealed class EvalFault : FormatException
{
    public EvalFault(string file, int line, string reason)
        : base($"{file}, line {line}: {reason}")
    {
        File = file;
        Line = line;
    }

    public string File { get; }

    /// <summary>Counts from 1.</summary>
    public int Line { get; }
}
