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
        float[] floats = new float[chunk * rows.Columns];
        byte[] bytes = new byte[chunk * rowBytes];
        for (int first = 0; first < rows.Rows; first += chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(chunk, rows.Rows - first);
            var values = floats.AsSpan(0, count * rows.Columns);
            rows.Read(first, values);
            Elements.Store(values, stored, bytes, Name);
            file.Write(at + ((long)first * rowBytes), bytes.AsSpan(0, count * rowBytes));
        }
    }
}
