using Edge.Runtime.Models.Quantization;
using Edge.Runtime.Models.Safetensors;
using Edge.Runtime.Models.Weights;

namespace Edge.Runtime.Models.Onnx;

/// <summary>Writes a projection x · Wᵀ + b at the width that was asked for: MatMulNBits at 4 and 8 bits, MatMul at 16 and 32.</summary>
internal sealed class LinearLayers(GraphBuilder graph, SafetensorsFolder source, ConvertOptions options)
{
    /// <param name="name">Of the node and its output, (1, tokens, rows of W).</param>
    /// <param name="input">(1, tokens, columns of W)</param>
    /// <param name="rows">W</param>
    /// <param name="bias">Vectors that together are b, one behind the other; none for no bias.</param>
    public string Add(string name, string input, MatrixRows rows, params TensorEntry[] bias)
    {
        int bits = options.BitsOf(name);
        string added = bias.Length == 0 ? "" : AddBias($"{name}.bias", bias, rows);
        return QuantizerOf(name) is { } quantizer ? AddQuantized(name, input, rows, quantizer, added) : AddPlain(name, input, rows, bits, added);
    }

    /// <summary>How a projection is quantized; null where it is not.</summary>
    public BlockQuantizer? QuantizerOf(string name) => options.BitsOf(name) is var bits and <= 8 ? new BlockQuantizer(bits, options.Block, options.Asymmetric) : null;

    private string AddQuantized(string name, string input, MatrixRows rows, BlockQuantizer quantizer, string bias)
    {
        int blocks = quantizer.BlocksInRow(rows.Columns);
        long quantsAt = graph.Reserve($"{name}.quants", OnnxType.UInt8, (long)rows.Rows * blocks * quantizer.BlockBytes, rows.Rows, blocks, quantizer.BlockBytes);
        var (scales, stored) = AddScales(name, rows.Rows, blocks);
        long zerosAt = -1;
        int zeroBytes = quantizer.ZeroBytesInRow(rows.Columns);
        if (quantizer.Asymmetric)
        {
            zerosAt = graph.Reserve($"{name}.zeros", OnnxType.UInt8, (long)rows.Rows * zeroBytes, rows.Rows, zeroBytes);
        }

        graph.Fill(new QuantizedMatrix(rows, quantizer, quantsAt, stored, zerosAt));
        string[] inputs = [input, $"{name}.quants", scales, quantizer.Asymmetric ? $"{name}.zeros" : "", "", bias];
        return graph.Node(GraphBuilder.Microsoft, "MatMulNBits", name, inputs.AsSpan(0, bias.Length > 0 ? 6 : quantizer.Asymmetric ? 4 : 3),
            ("K", rows.Columns), ("N", rows.Rows), ("bits", quantizer.Bits), ("block_size", quantizer.Block), ("accuracy_level", options.AccuracyLevel));
    }

    /// <summary>Reserves the place of a quantized matrix' scales, (rows, blocks).</summary>
    /// <returns>The name under which they are floats, and where to write them.</returns>
    public (string Name, StoredScales Stored) AddScales(string matrix, int rows, int blocks)
    {
        bool halves = options.ScaleBits == 16;
        string name = $"{matrix}.scales";
        long at = graph.Reserve(name, halves ? OnnxType.Float16 : OnnxType.Float, (long)rows * blocks * options.ScaleBits / 8, rows, blocks);

        // The kernel wants floats. Halves are cast once, at load, into memory that is never given back; floats stay in the mapped file.
        return (halves ? graph.Node("", "Cast", $"{name}.float", [name], ("to", (int)OnnxType.Float)) : name, new StoredScales(at, halves));
    }

    private string AddPlain(string name, string input, MatrixRows rows, int bits, string bias)
    {
        var stored = bits == 16 ? Elements.Narrowest(rows.Type) : ElementType.F32;
        string weight = $"{name}.weight";
        graph.Fill(new TransposedMatrix(rows, stored, graph.Reserve(weight, OnnxTypes.Of(stored), (long)rows.Rows * rows.Columns * Elements.Size(stored), rows.Columns, rows.Rows)));
        if (stored != ElementType.F32)
        {
            weight = graph.Node("", "Cast", $"{weight}.float", [weight], ("to", (int)OnnxType.Float));
        }

        if (bias.Length == 0)
        {
            return graph.Node("", "MatMul", name, [input, weight]);
        }

        string product = graph.Node("", "MatMul", $"{name}.product", [input, weight]);
        return graph.Node("", "Add", name, [product, bias]);
    }

    private string AddBias(string name, TensorEntry[] parts, MatrixRows rows)
    {
        graph.Fill(new VectorParts(source, parts, 0, graph.Reserve(name, OnnxType.Float, (long)rows.Rows * sizeof(float), rows.Rows), rows.RowDivisors));
        return name;
    }
}
