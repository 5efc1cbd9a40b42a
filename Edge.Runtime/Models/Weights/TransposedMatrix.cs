using Edge.Runtime.Models.Safetensors;

namespace Edge.Runtime.Models.Weights;

/// <summary>
/// A matrix written with rows and columns exchanged, (columns, rows), as ONNX's MatMul wants it. Turned in panels of some
/// rows: each panel's part of every column is one write.
/// </summary>
internal sealed class TransposedMatrix(MatrixRows rows, ElementType stored, long at) : Weight
{
    private const int PanelBytes = 16 << 20;

    public override string Name => rows.Name;

    public override long SourceBytes => rows.Bytes;

    public override void Write(WeightFile file, CancellationToken cancellationToken)
    {
        int panel = rows.RowsIn(PanelBytes);
        int size = Elements.Size(stored);
        using var floats = new Rented<float>(panel * rows.Columns);
        using var turned = new Rented<float>(panel * rows.Columns);
        using var bytes = new Rented<byte>(panel * size);
        for (int first = 0; first < rows.Rows; first += panel)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(panel, rows.Rows - first);
            rows.Read(first, floats.Span[..(count * rows.Columns)]);
            Turn(floats.Span, turned.Span, count, rows.Columns);
            for (int column = 0; column < rows.Columns; column++)
            {
                Elements.Store(turned.Span.Slice(column * count, count), stored, bytes.Span[..(count * size)], Name);
                file.Write(at + ((((long)column * rows.Rows) + first) * size), bytes.Span[..(count * size)]);
            }
        }
    }

    /// <param name="from">(rows, columns)</param>
    /// <param name="to">(columns, rows)</param>
    private static void Turn(ReadOnlySpan<float> from, Span<float> to, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                to[(column * rows) + row] = from[(row * columns) + column];
            }
        }
    }
}
