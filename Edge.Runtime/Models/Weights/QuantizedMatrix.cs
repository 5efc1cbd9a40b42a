using System.Runtime.InteropServices;
using Edge.Runtime.Models.Quantization;

namespace Edge.Runtime.Models.Weights;

/// <summary>A matrix in blocks: quants (rows, blocks, bytes of a block) at one place, fp16 scales (rows, blocks) at another.</summary>
internal sealed class QuantizedMatrix(MatrixRows rows, BlockQuantizer quantizer, long quantsAt, long scalesAt) : Weight
{
    public override string Name => rows.Name;

    public override long SourceBytes => rows.Bytes;

    public override void Write(WeightFile file, CancellationToken cancellationToken)
    {
        int blocks = quantizer.BlocksInRow(rows.Columns);
        int rowBytes = blocks * quantizer.BlockBytes;
        int chunk = rows.RowsIn(MatrixRows.ChunkBytes);
        using var floats = new Rented<float>(chunk * rows.Columns);
        using var quants = new Rented<byte>(chunk * rowBytes);
        using var scales = new Rented<Half>(chunk * blocks);
        for (int first = 0; first < rows.Rows; first += chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(chunk, rows.Rows - first);
            rows.Read(first, floats.Span[..(count * rows.Columns)]);
            for (int r = 0; r < count; r++)
            {
                if (!quantizer.TryQuantize(floats.Span.Slice(r * rows.Columns, rows.Columns), quants.Span.Slice(r * rowBytes, rowBytes), scales.Span.Slice(r * blocks, blocks)))
                {
                    throw new ModelException($"Tensor {Name} holds a weight too large for a half precision scale; convert with --bits 32.");
                }
            }

            file.Write(quantsAt + ((long)first * rowBytes), quants.Span[..(count * rowBytes)]);
            file.Write(scalesAt + ((long)first * blocks * sizeof(ushort)), MemoryMarshal.AsBytes(scales.Span[..(count * blocks)]));
        }
    }
}
