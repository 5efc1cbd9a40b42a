using Edge.Runtime.Models.GenAi;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Models;

/// <summary>A converted model on disk: graph, weights, tokenizer, config, manifest.</summary>
public sealed class ModelFolder
{
    /// <summary>The graph.</summary>
    public const string GraphFile = "model.onnx";

    /// <summary>The weights, which the graph names.</summary>
    public const string WeightsFile = "model.onnx.data";

    private ModelFolder(string path, ModelManifest manifest, ModelConfig config, GenAiConfig? genAi)
    {
        FullName = path;
        Manifest = manifest;
        Config = config;
        GenAi = genAi;
        Tokenizer = LoadTokenizer(path);
        if (Tokenizer.Vocabulary.TextCount > config.Vocabulary)
        {
            throw new ModelException($"{path} has a tokenizer of {Tokenizer.Vocabulary.TextCount} tokens, but a model of {config.Vocabulary}; the files belong to two models.");
        }

        Dialect = manifest.Dialect is { } name ? Dialect.Find(name)! : DialectFinder.Find(path, manifest.Architecture, Tokenizer.Vocabulary);
    }

    public string FullName { get; }

    public ModelManifest Manifest { get; }

    public ModelConfig Config { get; }

    public Tokenizer Tokenizer { get; }

    /// <summary>How the model wants to be asked and writes calls.</summary>
    public Dialect Dialect { get; }

    /// <summary>The graph's own inputs and outputs where it was not made by <see cref="ModelConverter"/>; null where it was.</summary>
    public GenAiConfig? GenAi { get; }

    public string OnnxPath => Path.Combine(FullName, GenAi?.GraphFile ?? GraphFile);

    /// <summary>Whether a folder looks like one that can be opened.</summary>
    public static bool IsAt(string path) => File.Exists(Path.Combine(path, ModelManifest.FileName)) || File.Exists(Path.Combine(path, GenAiConfig.FileName));

    /// <summary>
    /// Opens a folder that <see cref="ModelConverter"/> made, or a ready-made one in onnxruntime-genai's layout; files are checked by length, not by
    /// hash.
    /// </summary>
    /// <exception cref="ModelException">No such folder, or a file in it is missing, cut off or malformed; one line.</exception>
    public static ModelFolder Open(string path)
    {
        string folder = Path.GetFullPath(path);
        if (!Directory.Exists(folder))
        {
            throw new ModelException($"{path} is not a folder; name a folder that \"edge convert\" made.");
        }

        var genAi = File.Exists(Path.Combine(folder, GenAiConfig.FileName)) ? GenAiConfig.Read(folder) : null;
        string manifestPath = Path.Combine(folder, ModelManifest.FileName);
        if (!File.Exists(manifestPath))
        {
            return genAi is not null
                ? new ModelFolder(folder, GenAiManifest.Of(folder, genAi), genAi.Shape, genAi)
                : throw new ModelException($"{path} has neither {ModelManifest.FileName} nor {GenAiConfig.FileName}; name a folder that \"edge convert\" made, or convert this one.");
        }

        var manifest = ManifestFile.Read(manifestPath);
        foreach (string required in genAi is null ? (ReadOnlySpan<string>)[GraphFile, WeightsFile] : [genAi.GraphFile])
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

        return new ModelFolder(folder, manifest, genAi?.Shape ?? ModelConfig.Read(folder), genAi);
    }

    /// <summary>Reads every file and compares it with the manifest.</summary>
    /// <exception cref="ModelException">A file differs.</exception>
    public void Verify(CancellationToken cancellationToken = default)
    {
        if (Manifest.Files.Any(f => f.Sha256.Length == 0))
        {
            throw new ModelException($"{FullName} has no {ModelManifest.FileName} to compare with; take it over with \"edge model add NAME --from {FullName}\", which writes one.");
        }

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
