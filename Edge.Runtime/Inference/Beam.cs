namespace Edge.Runtime.Inference;

/// <summary>One way a call may go on, behind what is decided.</summary>
internal sealed class Beam
{
    public List<int> Tokens { get; } = new(64);

    /// <summary>The tree node of each token in the last run.</summary>
    public List<int> Nodes { get; } = new(64);

    /// <summary>The logarithm of the first token's probability, which was known before any run.</summary>
    public double FirstLogProbability { get; set; }

    /// <summary>The sum of the logarithms of all tokens' probabilities, among all tokens of the vocabulary, not only the legal ones: what the
    /// grammar forces after a wrong turn is unlikely, and that is what tells.</summary>
    public double LogProbability { get; set; }

    /// <summary>It reached the end of what is searched.</summary>
    public bool IsDone { get; set; }

    public void CopyFrom(Beam other)
    {
        Tokens.Clear();
        Tokens.AddRange(other.Tokens);
        Nodes.Clear();
        Nodes.AddRange(other.Nodes);
        (FirstLogProbability, LogProbability, IsDone) = (other.FirstLogProbability, other.LogProbability, other.IsDone);
    }
}
