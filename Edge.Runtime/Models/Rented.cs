using System.Buffers;

namespace Edge.Runtime.Models;

/// <summary>A pooled array for the time of a scope: weights pass through one after the other, and share it.</summary>
internal readonly ref struct Rented<T> : IDisposable
{
    private readonly T[] _array;

    public Rented(int length)
    {
        _array = ArrayPool<T>.Shared.Rent(length);
        Span = _array.AsSpan(0, length);
    }

    /// <summary>As long as asked for; its content is undefined.</summary>
    public Span<T> Span { get; }

    public void Dispose() => ArrayPool<T>.Shared.Return(_array);
}
