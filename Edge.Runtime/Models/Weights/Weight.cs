namespace Edge.Runtime.Models.Weights;

/// <summary>A weight that waits to be written; its place in the file is fixed.</summary>
internal abstract class Weight
{
    /// <summary>For progress and messages.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes that are read from the source to make it.</summary>
    public abstract long SourceBytes { get; }

    /// <summary>Reads, converts and writes in pieces of bounded size.</summary>
    /// <exception cref="ModelException">The source is unreadable or holds values that cannot be stored.</exception>
    public abstract void Write(WeightFile file, CancellationToken cancellationToken);
}
