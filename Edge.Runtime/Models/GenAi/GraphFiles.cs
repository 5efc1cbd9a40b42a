using Edge.Runtime.Models.Onnx;
using Google.Protobuf;

namespace Edge.Runtime.Models.GenAi;

/// <summary>What the graph of a ready-made folder tells without being run: the files of its weights, and their bits.</summary>
/// <param name="DataFiles">Names of files in the same folder.</param>
/// <param name="Bits">Of the quantized products; else of the largest weights; 0 where the graph is too large to look into.</param>
/// <param name="Block">Weights that share a scale; 0 where nothing is quantized.</param>
internal sealed record GraphFiles(IReadOnlyList<string> DataFiles, int Bits, int Block)
{
    /// <summary>Graphs with their weights beside them are far smaller; one that carries them is not read twice.</summary>
    private const long FileBytesMax = 256L << 20;

    /// <exception cref="ModelException">Unreadable, no ONNX graph, or with weights outside the folder.</exception>
    public static GraphFiles Read(string path)
    {
        if (File.Exists(path) && new FileInfo(path).Length > FileBytesMax)
        {
            return new GraphFiles([], 0, 0);
        }

        var model = Parse(path);
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var tensor in model.Graph.Initializer.Where(t => t.DataLocation == 1))
        {
            string file = tensor.ExternalData.FirstOrDefault(e => e.Key == "location")?.Value ?? "";

            // Weights lie beside their graph: anything that could point elsewhere is refused.
            if (file is "" or "." or ".." || file.AsSpan().ContainsAny("/\\:\0"))
            {
                throw new ModelException($"{path}: the weights of {tensor.Name} are said to be in \"{file}\"; they must lie in a file in the same folder.");
            }

            files.Add(file);
        }

        var product = model.Graph.Node.FirstOrDefault(n => n.OpType == "MatMulNBits");
        int bits = product?.Attribute.FirstOrDefault(a => a.Name == "bits")?.I is { } b and > 0 ? (int)b
            : product is not null ? 4
            : model.Graph.Initializer.MaxBy(t => t.Dims.Aggregate(1.0, (size, dim) => size * dim))?.DataType is (int)OnnxType.Float16 or (int)OnnxType.BFloat16 ? 16 : 32;
        return new GraphFiles([.. files], bits, product?.Attribute.FirstOrDefault(a => a.Name == "block_size")?.I is { } block ? (int)block : 0);
    }

    private static Model Parse(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var model = Model.Parser.WithDiscardUnknownFields(true).ParseFrom(file);
            return model.Graph is { Node.Count: > 0 } ? model : throw new ModelException($"{path} holds no graph; copy it again from its source.");
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new ModelException($"{path} is not an ONNX graph ({fault.Message.TrimEnd('.')}); copy it again from its source.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {fault.Message}", fault);
        }
    }
}
