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
        float[] floats = new float[chunk * rows.Columns];
        byte[] quants = new byte[chunk * rowBytes];
        var scales = new Half[chunk * blocks];
        for (int first = 0; first < rows.Rows; first += chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(chunk, rows.Rows - first);
            rows.Read(first, floats.AsSpan(0, count * rows.Columns));
            for (int r = 0; r < count; r++)
            {
                if (!quantizer.TryQuantize(floats.AsSpan(r * rows.Columns, rows.Columns), quants.AsSpan(r * rowBytes, rowBytes), scales.AsSpan(r * blocks, blocks)))
                {
                    throw new ModelException($"Tensor {Name} holds a weight too large for a half precision scale; convert with --bits 32.");
                }
            }

            file.Write(quantsAt + ((long)first * rowBytes), quants.AsSpan(0, count * rowBytes));
            file.Write(scalesAt + ((long)first * blocks * sizeof(ushort)), MemoryMarshal.AsBytes(scales.AsSpan(0, count * blocks)));
        }
    }
}
