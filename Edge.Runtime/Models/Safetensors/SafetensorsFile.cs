using Microsoft.Win32.SafeHandles;

namespace Edge.Runtime.Models.Safetensors;

/// <summary>An open safetensors file; its tensors are read piece by piece.</summary>
internal sealed class SafetensorsFile : IDisposable
{
    private readonly SafeFileHandle _file;

    private SafetensorsFile(SafeFileHandle file, string path)
    {
        _file = file;
        Path = path;
        Tensors = SafetensorsHeader.Read(file, path);
    }

    public string Path { get; }

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <exception cref="ModelException">Missing, unreadable or malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            return new SafetensorsFile(file, path);
        }
        catch (Exception fault)
        {
            file?.Dispose();
            if (fault is IOException or UnauthorizedAccessException)
            {
                throw new ModelException($"{path} cannot be read: {fault.Message}", fault);
            }

            throw;
        }
    }

    /// <summary>Fills <paramref name="target"/> from byte <paramref name="offset"/> of <paramref name="tensor"/>.</summary>
    /// <exception cref="ModelException">The disk fails, or the file became shorter.</exception>
    public void Read(TensorEntry tensor, long offset, Span<byte> target)
    {
        try
        {
            for (int read = 0; read < target.Length;)
            {
                int count = RandomAccess.Read(_file, target[read..], tensor.Offset + offset + read);
                read += count > 0 ? count : throw new ModelException($"{Path} became shorter while it was read.");
            }
        }
        catch (IOException fault)
        {
            throw new ModelException($"{Path} cannot be read: {fault.Message}", fault);
        }
    }

    public void Dispose() => _file.Dispose();
}
