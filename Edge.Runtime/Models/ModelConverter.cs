using System.Globalization;
using Edge.Runtime.Models.Lora;
using Edge.Runtime.Models.Onnx;
using Edge.Runtime.Models.Safetensors;
using Edge.Runtime.Models.Weights;
using Edge.Runtime.Tokens;

namespace Edge.Runtime.Models;

/// <summary>
/// Makes a model folder out of a Hugging Face folder: the graph with its weights, tokenizer, config, manifest. Weights pass
/// through in pieces, so that memory stays bounded whatever the model's size.
/// </summary>
public static class ModelConverter
{
    /// <summary>Files that a model folder takes over as they are, where the source has them.</summary>
    private static readonly string[] _copied = [ModelConfigReader.FileName, "generation_config.json", "tokenizer_config.json", ChatTemplateFiles.JinjaFile];

    /// <summary>Converts; the output folder appears when everything in it is complete.</summary>
    /// <exception cref="ModelException">The source cannot be converted or the output not written; the message is one line.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static ModelManifest Convert(ConvertOptions options, IProgress<ConvertProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            RefuseWrongOptions(options);
            var config = ModelConfig.Read(options.Source);
            CheckContext(options, config);
            var tokenizer = LoadTokenizer(options.Source, config);
            var dialect = options.Dialect is { } name ? Dialect.Find(name)! : DialectFinder.Find(options.Source, config.Architecture, tokenizer.Vocabulary);
            using var source = SafetensorsFolder.Open(options.Source);
            if (options.Lora is { } adapter)
            {
                source.Merge(LoraAdapter.Open(adapter));
            }

            var graph = new GraphBuilder(ModelFolder.WeightsFile);
            new DecoderGraph(graph, source, config, options).Build();
            using var output = new WorkFolder(options.Output, options.Overwrite);
            WriteWeights(graph, output, progress, cancellationToken);
            WriteGraph(graph, output);
            string[] copied = CopyFiles(options.Source, output);
            progress?.Report(new ConvertProgress("hashes", 0, 0));
            var manifest = new ModelManifest
            {
                Architecture = config.Architecture,
                Bits = options.Bits,
                Block = options.Bits <= 8 ? options.Block : 0,
                ContextLength = options.ContextLength ?? config.ContextLength,
                Dialect = dialect.Name,
                Licence = options.Licence ?? ModelCard.LicenceOf(options.Source) ?? "unknown",
                Tool = $"edge {ToolVersion}",
                Sources = [.. source.Files.Concat(copied.Select(f => Path.Combine(options.Source, f))).Concat(options.Calibration is { } calibration ? [calibration.Source] : []).Select(f => FileDigest.Of(f, cancellationToken))],
                Files = [.. Directory.EnumerateFiles(output.FullName).Order(StringComparer.Ordinal).Select(f => FileDigest.Of(f, cancellationToken))],
            };
            ManifestFile.Write(manifest, output.File(ModelManifest.FileName));
            output.Commit();
            return manifest;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{options.Output} cannot be made from {options.Source}: {fault.Message}", fault);
        }
    }

    private static string ToolVersion => typeof(ModelConverter).Assembly.GetName().Version?.ToString(3) ?? "0";

    private static void RefuseWrongOptions(ConvertOptions options)
    {
        if (!Directory.Exists(options.Source))
        {
            throw new ModelException($"{options.Source} is not a folder; give a Hugging Face folder with config.json, safetensors weights and a tokenizer.");
        }

        if (options.Bits is not (4 or 8 or 16 or 32))
        {
            throw new ModelException($"--bits is {options.Bits.ToString(CultureInfo.InvariantCulture)}; use 4, 8, 16 or 32.");
        }

        foreach (var layers in options.Overrides.Where(o => o.Bits is not (4 or 8 or 16 or 32)))
        {
            throw new ModelException($"The bits of {layers.Pattern} are {layers.Bits.ToString(CultureInfo.InvariantCulture)}; use 4, 8, 16 or 32.");
        }

        if (options.Block is not (16 or 32 or 64 or 128))
        {
            throw new ModelException($"--block is {options.Block.ToString(CultureInfo.InvariantCulture)}; use 16, 32, 64 or 128.");
        }

        if (options.ScaleBits is not (16 or 32))
        {
            throw new ModelException($"--scales is {options.ScaleBits.ToString(CultureInfo.InvariantCulture)}; use 32, or 16 for a smaller file.");
        }

        if (options.Dialect is { } dialect && Dialect.Find(dialect) is null)
        {
            throw new ModelException($"--dialect is {dialect}; use one of {Dialect.Names}.");
        }

        if (options.AccuracyLevel is not (0 or 4))
        {
            throw new ModelException($"The accuracy level is {options.AccuracyLevel.ToString(CultureInfo.InvariantCulture)}; use 0 or 4.");
        }
    }

    private static void CheckContext(ConvertOptions options, ModelConfig config)
    {
        if (options.ContextLength is { } length && (length < 1 || length > config.ContextLength))
        {
            throw new ModelException($"The context length is {length}; use 1 to {config.ContextLength}, which the model was made for.");
        }
    }

    private static Tokenizer LoadTokenizer(string source, ModelConfig config)
    {
        var tokenizer = ModelFolder.LoadTokenizer(source);
        return tokenizer.Vocabulary.TextCount <= config.Vocabulary
            ? tokenizer
            : throw new ModelException($"{source} has a tokenizer of {tokenizer.Vocabulary.TextCount} tokens, but config.json a vocab_size of {config.Vocabulary}; the files belong to two models.");
    }

    private static void WriteWeights(GraphBuilder graph, WorkFolder output, IProgress<ConvertProgress>? progress, CancellationToken cancellationToken)
    {
        using var file = new WeightFile(output.File(ModelFolder.WeightsFile), graph.DataBytes);
        long total = graph.Weights.Sum(w => w.SourceBytes);
        long done = 0;
        foreach (var weight in graph.Weights)
        {
            progress?.Report(new ConvertProgress(weight.Name, done, total));
            weight.Write(file, cancellationToken);
            done += weight.SourceBytes;
        }

        progress?.Report(new ConvertProgress("weights written", done, total));
    }

    private static void WriteGraph(GraphBuilder graph, WorkFolder output)
    {
        using var stream = File.Create(output.File(ModelFolder.GraphFile));
        graph.WriteTo(stream);
    }

    private static string[] CopyFiles(string source, WorkFolder output)
    {
        string[] present = [.. _copied.Append(TokenizerFiles.FileIn(source)!).Where(f => File.Exists(Path.Combine(source, f)))];
        foreach (string file in present)
        {
            // Content only: a source that is read-only, as caches of downloads are, must not make the copy so.
            using var from = File.OpenRead(Path.Combine(source, file));
            using var to = File.Create(output.File(file));
            from.CopyTo(to);
        }

        return present;
    }
}
