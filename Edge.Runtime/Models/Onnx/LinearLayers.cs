using Edge.Runtime.Models.Quantization;
using Edge.Runtime.Models.Safetensors;
using Edge.Runtime.Models.Weights;

namespace Edge.Runtime.Models.Onnx;

/// <summary>Writes a projection x · Wᵀ at the width that was asked for: MatMulNBits at 4 and 8 bits, MatMul at 16 and 32.</summary>
internal sealed class LinearLayers(GraphBuilder graph, ConvertOptions options)
{
    private readonly BlockQuantizer? _quantizer = options.Bits <= 8 ? new BlockQuantizer(options.Bits, options.Block) : null;

    /// <param name="name">Of the node and its output, (1, tokens, rows of W).</param>
    /// <param name="input">(1, tokens, columns of W)</param>
    /// <param name="rows">W</param>
    public string Add(string name, string input, MatrixRows rows) => _quantizer is { } quantizer ? AddQuantized(name, input, rows, quantizer) : AddPlain(name, input, rows);

    private string AddQuantized(string name, string input, MatrixRows rows, BlockQuantizer quantizer)
    {
        int blocks = quantizer.BlocksInRow(rows.Columns);
        long quantsAt = graph.Reserve($"{name}.quants", OnnxType.UInt8, (long)rows.Rows * blocks * quantizer.BlockBytes, rows.Rows, blocks, quantizer.BlockBytes);
        long scalesAt = graph.Reserve($"{name}.scales", OnnxType.Float16, (long)rows.Rows * blocks * sizeof(ushort), rows.Rows, blocks);
        graph.Fill(new QuantizedMatrix(rows, quantizer, quantsAt, scalesAt));

        // Scales are halves in the file and floats in the kernel: ONNX Runtime folds the cast once, at load.
        string scales = graph.Node("", "Cast", $"{name}.scales.float", [$"{name}.scales"], ("to", (int)OnnxType.Float));

        return graph.Node(GraphBuilder.Microsoft, "MatMulNBits", name, [input, $"{name}.quants", scales],
            ("K", rows.Columns), ("N", rows.Rows), ("bits", quantizer.Bits), ("block_size", quantizer.Block), ("accuracy_level", options.AccuracyLevel));
    }

    private string AddPlain(string name, string input, MatrixRows rows)
    {
        var stored = options.Bits == 16 ? Elements.Narrowest(rows.Type) : ElementType.F32;
        string weight = $"{name}.weight";
        graph.Fill(new TransposedMatrix(rows, stored, graph.Reserve(weight, OnnxTypes.Of(stored), (long)rows.Rows * rows.Columns * Elements.Size(stored), rows.Columns, rows.Rows)));
        if (stored != ElementType.F32)
        {
            weight = graph.Node("", "Cast", $"{weight}.float", [weight], ("to", (int)OnnxType.Float));
        }

        return graph.Node("", "MatMul", name, [input, weight]);
    }
}
