namespace Edge.Runtime.Models;

/// <summary>The model folders in a folder.</summary>
public static class InstalledModels
{
    /// <summary>By name; a folder that cannot be opened is listed with its fault.</summary>
    public static IEnumerable<InstalledModel> In(string folder) =>
        from path in Directory.Exists(folder) ? Directory.GetDirectories(folder).Order(StringComparer.Ordinal) : Enumerable.Empty<string>()
        where ModelFolder.IsAt(path)
        select InstalledModel.Open(path);
}

/// <summary>A model folder, and what it takes to run it.</summary>
/// <param name="Name">Of its folder.</param>
/// <param name="Folder">Null where it cannot be opened.</param>
/// <param name="Fault">Why not; one line.</param>
public sealed record InstalledModel(string Name, ModelFolder? Folder, string? Fault)
{
    public long FileBytes => Folder?.Manifest.Files.Sum(f => f.Bytes) ?? 0;

    /// <summary>Keys and values of a token, in floats as the cache holds them.</summary>
    public long CacheBytesPerToken => Folder is { } model ? ModelMemory.CacheBytesPerToken(model.Config) : 0;

    /// <param name="tokens">Of context.</param>
    public long MemoryBytes(int tokens) => ModelMemory.Bytes(FileBytes, CacheBytesPerToken * tokens);

    internal static InstalledModel Open(string path)
    {
        try
        {
            return new InstalledModel(Path.GetFileName(path), ModelFolder.Open(path), null);
        }
        catch (ModelException fault)
        {
            return new InstalledModel(Path.GetFileName(path), null, fault.Message);
        }
    }
}

/// <summary>What a process needs for a model.</summary>
public static class ModelMemory
{
    /// <summary>
    /// Weights are in memory once, packed: 1.0 files of its own and 0.2 mapped for TinyLlama's shapes on x64, where packing adds a quarter (Inference/README.md);
    /// 1.3 leaves room for a run's products, and for folders with scales of 16 bits. .NET and ONNX Runtime themselves take 60 MB.
    /// </summary>
    public static long Bytes(long fileBytes, long cacheBytes) => (fileBytes * 13 / 10) + cacheBytes + (60L << 20);

    /// <summary>Keys and values of a token, in floats as the cache holds them.</summary>
    public static long CacheBytesPerToken(ModelConfig config) => 2L * config.Layers * config.KvHeads * config.HeadDim * sizeof(float);
}
