using Edge.Runtime.Models.Safetensors;

namespace Edge.Runtime.Models.Weights;

/// <summary>A matrix or vector as it lies in the source, in another element type: embeddings and norms.</summary>
internal sealed class RowMajorMatrix(MatrixRows rows, ElementType stored, long at) : Weight
{
    public override string Name => rows.Name;

    public override long SourceBytes => rows.Bytes;

    public override void Write(WeightFile file, CancellationToken cancellationToken)
    {
        int chunk = rows.RowsIn(MatrixRows.ChunkBytes);
        int rowBytes = rows.Columns * Elements.Size(stored);
        using var floats = new Rented<float>(chunk * rows.Columns);
        using var bytes = new Rented<byte>(chunk * rowBytes);
        for (int first = 0; first < rows.Rows; first += chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(chunk, rows.Rows - first);
            var values = floats.Span[..(count * rows.Columns)];
            rows.Read(first, values);
            Elements.Store(values, stored, bytes.Span[..(count * rowBytes)], Name);
            file.Write(at + ((long)first * rowBytes), bytes.Span[..(count * rowBytes)]);
        }
    }
}
