using Edge.Runtime.Tokens;

namespace Edge.Runtime.Models.GenAi;

/// <summary>A manifest for a ready-made folder, which has none of its own.</summary>
internal static class GenAiManifest
{
    /// <summary>Files that a ready-made folder may have beside its graph.</summary>
    private static readonly string[] _beside =
    [
        GenAiConfig.FileName, "config.json", "generation_config.json", ChatTemplateFiles.ConfigFile, ChatTemplateFiles.JinjaFile, "special_tokens_map.json",
        TokenizerFiles.JsonFile, TokenizerFiles.SentencePieceFile,
    ];

    /// <summary>The files by name and length; hashes are empty until the folder is taken over.</summary>
    /// <exception cref="ModelException">The graph is unreadable, or a file of its weights is missing.</exception>
    public static ModelManifest Of(string folder, GenAiConfig config)
    {
        var graph = GraphFiles.Read(Path.Combine(folder, config.GraphFile));
        List<FileDigest> files = [];
        foreach (string name in (IEnumerable<string>)[config.GraphFile, .. graph.DataFiles])
        {
            var file = new FileInfo(Path.Combine(folder, name));
            files.Add(file.Exists ? new FileDigest(name, file.Length, "") : throw new ModelException($"{file.FullName} is missing, though {config.GraphFile} names it; copy the folder again."));
        }

        files.AddRange(_beside.Select(n => new FileInfo(Path.Combine(folder, n))).Where(f => f.Exists).Select(f => new FileDigest(f.Name, f.Length, "")));
        return new ModelManifest
        {
            Architecture = config.Type,
            Bits = graph.Bits,
            Block = graph.Block,
            ContextLength = config.Shape.ContextLength,
            Licence = ModelCard.LicenceOf(folder) ?? "unknown",
            Tool = "onnxruntime-genai's layout",
            Sources = [],
            Files = files,
        };
    }
}
