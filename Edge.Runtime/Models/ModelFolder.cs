using Edge.Runtime.Tokens;

namespace Edge.Runtime.Models;

/// <summary>A converted model on disk: graph, weights, tokenizer, config, manifest.</summary>
public sealed class ModelFolder
{
    /// <summary>The graph.</summary>
    public const string GraphFile = "model.onnx";

    /// <summary>The weights, which the graph names.</summary>
    public const string WeightsFile = "model.onnx.data";

    private ModelFolder(string path, ModelManifest manifest, ModelConfig config, Tokenizer tokenizer)
    {
        Dialect = manifest.Dialect is { } name ? Dialect.Find(name)! : DialectFinder.Find(path, manifest.Architecture, tokenizer.Vocabulary);
        FullName = path;
        Manifest = manifest;
        Config = config;
        Tokenizer = tokenizer;
    }

    public string FullName { get; }

    public ModelManifest Manifest { get; }

    public ModelConfig Config { get; }

    public Tokenizer Tokenizer { get; }

    /// <summary>How the model wants to be asked and writes calls.</summary>
    public Dialect Dialect { get; }

    public string OnnxPath => Path.Combine(FullName, GraphFile);

    /// <summary>Opens a folder that <see cref="ModelConverter"/> made; files are checked by length, not by hash.</summary>
    /// <exception cref="ModelException">No such folder, or a file in it is missing, cut off or malformed; one line.</exception>
    public static ModelFolder Open(string path)
    {
        string folder = Path.GetFullPath(path);
        if (!Directory.Exists(folder))
        {
            throw new ModelException($"{path} is not a folder; name a folder that \"edge convert\" made.");
        }

        string manifestPath = Path.Combine(folder, ModelManifest.FileName);
        if (!File.Exists(manifestPath))
        {
            throw new ModelException($"{path} has no {ModelManifest.FileName}; name a folder that \"edge convert\" made, or convert this one.");
        }

        var manifest = ManifestFile.Read(manifestPath);
        foreach (string required in (ReadOnlySpan<string>)[GraphFile, WeightsFile])
        {
            if (manifest.Files.All(f => f.File != required))
            {
                throw new ModelException($"{manifestPath} does not list {required}; convert the model again.");
            }
        }

        foreach (var file in manifest.Files)
        {
            CheckLength(folder, file);
        }

        return new ModelFolder(folder, manifest, ModelConfig.Read(folder), LoadTokenizer(folder));
    }

    /// <summary>Reads every file and compares it with the manifest.</summary>
    /// <exception cref="ModelException">A file differs.</exception>
    public void Verify(CancellationToken cancellationToken = default)
    {
        foreach (var file in Manifest.Files)
        {
            string path = Path.Combine(FullName, file.File);
            if (FileDigest.Of(path, cancellationToken) != file)
            {
                throw new ModelException($"{path} is not the file that {ModelManifest.FileName} lists (SHA-256 differs); copy or convert the model again.");
            }
        }
    }

    internal static Tokenizer LoadTokenizer(string folder)
    {
        try
        {
            return TokenizerFiles.Load(folder);
        }
        catch (TokenizerException fault)
        {
            throw new ModelException(fault.Message, fault);
        }
    }

    private static void CheckLength(string folder, FileDigest listed)
    {
        var file = new FileInfo(Path.Combine(folder, listed.File));
        if (!file.Exists)
        {
            throw new ModelException($"{file.FullName} is missing, though {ModelManifest.FileName} lists it; copy the folder again.");
        }

        if (file.Length != listed.Bytes)
        {
            throw new ModelException($"{file.FullName} has {file.Length} bytes instead of {listed.Bytes}; copy the folder again.");
        }
    }
}
