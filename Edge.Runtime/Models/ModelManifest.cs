namespace Edge.Runtime.Models;

/// <summary>What lies in a model folder, where it came from, and under which licence: <c>manifest.json</c>.</summary>
public sealed record ModelManifest
{
    public const string FileName = "manifest.json";

    /// <summary>The version of the folder's format that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>As in <c>config.json</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Of the weights in linear layers.</summary>
    public required int Bits { get; init; }

    /// <summary>Weights that share a scale; 0 at 16 and 32 bits.</summary>
    public required int Block { get; init; }

    /// <summary>Positions the graph provides for.</summary>
    public required int ContextLength { get; init; }

    /// <summary>How the model wants to be asked and writes calls, a name of <see cref="Dialect"/>; null in folders that were made before it was noted.</summary>
    public string? Dialect { get; init; }

    /// <summary>An SPDX name, or "unknown".</summary>
    public required string Licence { get; init; }

    /// <summary>The program that made the folder, with its version.</summary>
    public required string Tool { get; init; }

    /// <summary>The files that were converted.</summary>
    public required IReadOnlyList<FileDigest> Sources { get; init; }

    /// <summary>The files in the folder, this one excepted.</summary>
    public required IReadOnlyList<FileDigest> Files { get; init; }
}
