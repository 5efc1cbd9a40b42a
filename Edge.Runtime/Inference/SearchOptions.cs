namespace Edge.Runtime.Inference;

/// <summary>How far the model looks ahead where a call may go on in several ways.</summary>
/// <param name="Width">Ways followed at once; 1 is greedy decoding.</param>
/// <param name="Ratio">A way is worth following if its next token is at least this likely, compared with the best one.</param>
/// <param name="RunsMax">Runs of the model spent on one choice.</param>
public sealed record SearchOptions(int Width = 4, float Ratio = 0.02f, int RunsMax = 8)
{
    public static readonly SearchOptions Default = new();

    public static readonly SearchOptions Greedy = new(Width: 1);
}
