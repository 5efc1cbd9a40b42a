using Edge.Runtime.Models.Quantization;

namespace Edge.Runtime.Models.Weights;

/// <summary>A matrix in blocks: quants (rows, blocks, bytes of a block) at one place, scales (rows, blocks) at another, zero points at a third.</summary>
internal sealed class QuantizedMatrix(MatrixRows rows, BlockQuantizer quantizer, long quantsAt, StoredScales storedScales, long zerosAt) : Weight
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
        int zeroBytes = quantizer.Asymmetric ? quantizer.ZeroBytesInRow(rows.Columns) : 0;
        using var zeros = new Rented<byte>(chunk * zeroBytes);
        for (int first = 0; first < rows.Rows; first += chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(chunk, rows.Rows - first);
            rows.Read(first, floats.Span[..(count * rows.Columns)]);
            for (int r = 0; r < count; r++)
            {
                if (!quantizer.TryQuantize(floats.Span.Slice(r * rows.Columns, rows.Columns), quants.Span.Slice(r * rowBytes, rowBytes), scales.Span.Slice(r * blocks, blocks), zeros.Span.Slice(r * zeroBytes, zeroBytes)))
                {
                    throw new ModelException($"Tensor {Name} holds a weight too large for a half precision scale; convert with --bits 32.");
                }
            }

            file.Write(quantsAt + ((long)first * rowBytes), quants.Span[..(count * rowBytes)]);
            if (quantizer.Asymmetric)
            {
                file.Write(zerosAt + ((long)first * zeroBytes), zeros.Span[..(count * zeroBytes)]);
            }

            storedScales.Write(file, (long)first * blocks, scales.Span[..(count * blocks)]);
        }
    }
}
