using System.Numerics.Tensors;
using Edge.Runtime.Models.Safetensors;

namespace Edge.Runtime.Models.Weights;

/// <summary>Matrices of equal width, one below the other, read by rows: a packed query, key and value projection is one.</summary>
internal sealed class MatrixRows
{
    /// <summary>Bytes of floats that a reader of rows holds at once.</summary>
    public const int ChunkBytes = 4 << 20;

    private readonly SafetensorsFolder _source;
    private readonly TensorEntry[] _parts;

    /// <param name="parts">Each (rows, columns), or (columns) for a vector.</param>
    public MatrixRows(SafetensorsFolder source, params TensorEntry[] parts)
    {
        _source = source;
        _parts = parts;
        Columns = (int)parts[0].Shape[^1];
        Rows = (int)parts.Sum(RowsOf);
        Bytes = parts.Sum(p => p.Length);
    }

    /// <summary>Multipliers of the columns, (columns); null for none.</summary>
    public float[]? ColumnScales { get; init; }

    /// <summary>Divisors of the rows, (rows); null for none.</summary>
    public float[]? RowDivisors { get; init; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Bytes in the source, for progress.</summary>
    public long Bytes { get; }

    /// <summary>The type of every part; <see cref="ElementType.F32"/> where they differ.</summary>
    public ElementType Type => ColumnScales is not null || RowDivisors is not null ? ElementType.F32 : _parts.All(p => _source.TypeAsRead(p) == _source.TypeAsRead(_parts[0])) ? _source.TypeAsRead(_parts[0]) : ElementType.F32;

    public string Name => _parts[0].Name;

    /// <summary>Rows that fit into <paramref name="bytes"/>, at least one.</summary>
    public int RowsIn(int bytes) => Math.Clamp(bytes / (Columns * sizeof(float)), 1, Rows);

    /// <summary>Fills <paramref name="floats"/> with whole rows from <paramref name="first"/> on.</summary>
    public void Read(int first, Span<float> floats)
    {
        ReadParts(first, floats);
        for (int row = first; !floats.IsEmpty && (ColumnScales is not null || RowDivisors is not null); row++, floats = floats[Columns..])
        {
            var values = floats[..Columns];
            if (ColumnScales is not null)
            {
                TensorPrimitives.Multiply(values, ColumnScales, values);
            }

            if (RowDivisors is not null)
            {
                TensorPrimitives.Divide(values, RowDivisors[row], values);
            }
        }
    }

    private void ReadParts(int first, Span<float> floats)
    {
        foreach (var part in _parts)
        {
            int rows = RowsOf(part);
            if (first < rows && !floats.IsEmpty)
            {
                int count = Math.Min(rows - first, floats.Length / Columns);
                _source.ReadFloats(part, (long)first * Columns, floats[..(count * Columns)]);
                floats = floats[(count * Columns)..];
                first += count;
            }

            first -= rows;
        }
    }

    private static int RowsOf(TensorEntry part) => part.Shape.Count == 1 ? 1 : (int)part.Shape[0];
}
