namespace Edge.Runtime.Inference;

/// <summary>How a model is run.</summary>
public sealed record DecoderOptions
{
    public static readonly DecoderOptions Default = new();

    /// <summary>Threads of the kernels; 0 takes all cores but one, so that lines and the hub are never starved.</summary>
    public int Threads { get; init; }

    /// <summary>Threads wait for work by spinning: faster on a quiet machine (0.82 without), much slower on a busy one.</summary>
    public bool Spin { get; init; }

    /// <summary>Tokens the KV cache holds; the model's own context at most.</summary>
    public int ContextMax { get; init; } = 4096;

    internal int ThreadCount => Threads > 0 ? Threads : Math.Max(1, Math.Min(4, Environment.ProcessorCount - (Environment.ProcessorCount > 2 ? 1 : 0)));
}
