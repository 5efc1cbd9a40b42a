using Microsoft.Win32.SafeHandles;

namespace Edge.Runtime.Models.Weights;

/// <summary>The file of a model's weights while it is written, at places that were reserved beforehand.</summary>
internal sealed class WeightFile : IDisposable
{
    private readonly SafeFileHandle _file;

    /// <param name="length">Bytes; the disk must have room for them.</param>
    public WeightFile(string path, long length) =>
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length);

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_file, bytes, offset);

    public void Dispose() => _file.Dispose();
}
