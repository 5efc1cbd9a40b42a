using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Edge.Runtime.Models.Lora;

namespace Edge.Runtime.Models.Safetensors;

/// <summary>
/// The weights of a Hugging Face folder: <c>model.safetensors</c>, or the shards that
/// <c>model.safetensors.index.json</c> names.
/// </summary>
public sealed class SafetensorsFolder : IDisposable
{
    /// <summary>A name a tensor, like the headers.</summary>
    public const long IndexBytesMax = 16L << 20;

    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";

    private readonly Dictionary<string, SafetensorsFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsFile> _fileOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorEntry> _replaced = new(StringComparer.Ordinal);
    private readonly string _folder;
    private LoraAdapter? _adapter;

    private SafetensorsFolder(string folder) => _folder = folder;

    /// <summary>The files that hold the weights, the index included.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <exception cref="ModelException">No weights, or files that are malformed or contradict the index.</exception>
    public static SafetensorsFolder Open(string folder)
    {
        var weights = new SafetensorsFolder(folder);
        try
        {
            weights.OpenFiles();
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    public bool TryFind(string name, [NotNullWhen(true)] out TensorEntry? tensor)
    {
        tensor = _replaced.GetValueOrDefault(name) ?? (_fileOf.TryGetValue(name, out var file) ? file.Tensors[name] : null);
        return tensor is not null;
    }

    /// <summary>The tensor of that name and shape, of a type that can be read as floats.</summary>
    /// <exception cref="ModelException">Absent, or of another shape or type.</exception>
    public TensorEntry Find(string name, params ReadOnlySpan<long> shape)
    {
        if (!TryFind(name, out var tensor))
        {
            throw new ModelException($"{_folder} has no tensor {name}, which its config.json asks for; the weights are incomplete or of another architecture.");
        }

        if (!shape.SequenceEqual(tensor.Shape.ToArray()))
        {
            throw new ModelException($"{_fileOf[name].Path}: tensor {name} has the shape {tensor.ShapeText}, but config.json asks for [{string.Join(", ", shape.ToArray())}].");
        }

        return tensor.Type != ElementType.Other
            ? tensor
            : throw new ModelException($"{_fileOf[name].Path}: tensor {name} is neither F16, BF16 nor F32; convert the unquantized weights.");
    }

    /// <summary>Reads <paramref name="floats"/> elements from element <paramref name="first"/> on, in row-major order.</summary>
    /// <exception cref="ModelException">Unreadable, or a value is not finite.</exception>
    public void ReadFloats(TensorEntry tensor, long first, Span<float> floats)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var file = _fileOf[tensor.Name];
        FloatReader.Read(file, tensor, first, floats);
        _adapter?.AddTo(tensor, first, floats);
        int bad = FloatReader.IndexOfNotFinite(floats);
        if (bad >= 0)
        {
            throw new ModelException($"{file.Path}: element {first + bad} of tensor {tensor.Name} is {floats[bad]}; the weights are damaged.");
        }
    }

    /// <summary>From now on weights are read as the adapter changes them.</summary>
    /// <exception cref="ModelException">The adapter is malformed, or of another model.</exception>
    internal void Merge(LoraAdapter adapter)
    {
        foreach (var (name, tensor) in adapter.Replaced)
        {
            _replaced[name] = tensor with { Name = name };
            _fileOf[name] = adapter.File;
        }

        adapter.CheckAgainst(this);
        _adapter = adapter;
        Files = [.. Files, .. adapter.Files];
    }

    /// <summary>An adapter brings this tensor itself, instead of a change to it.</summary>
    internal bool IsReplaced(string name) => _replaced.ContainsKey(name);

    /// <summary>What holds the values as they are read: floats where an adapter changes them.</summary>
    internal ElementType TypeAsRead(TensorEntry tensor) => _adapter?.Changes(tensor.Name) == true ? ElementType.F32 : tensor.Type;

    public void Dispose()
    {
        _adapter?.Dispose();
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private void OpenFiles()
    {
        string single = Path.Combine(_folder, SingleFile);
        string index = Path.Combine(_folder, IndexFile);
        if (File.Exists(index))
        {
            foreach (var (tensor, file) in ReadIndex(index))
            {
                var shard = OpenOnce(file);
                _fileOf[tensor] = shard.Tensors.ContainsKey(tensor)
                    ? shard
                    : throw new ModelException($"{index} says that tensor {tensor} is in {file}, but it is not there; the folder mixes files of two models.");
            }

            Files = [index, .. _files.Values.Select(f => f.Path)];
            return;
        }

        if (!File.Exists(single))
        {
            throw new ModelException($"{_folder} has neither {SingleFile} nor {IndexFile}; Edge converts Hugging Face folders with safetensors weights.");
        }

        foreach (string tensor in OpenOnce(SingleFile).Tensors.Keys)
        {
            _fileOf[tensor] = _files[SingleFile];
        }

        Files = [single];
    }

    private SafetensorsFile OpenOnce(string name)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            file = _files[name] = SafetensorsFile.Open(Path.Combine(_folder, name));
        }

        return file;
    }

    private static List<(string Tensor, string File)> ReadIndex(string index) => JsonFile.Read(index, IndexBytesMax, root =>
    {
        if (!root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new ModelException($"{index} has no \"weight_map\" object; copy it again from its source.");
        }

        List<(string, string)> tensors = [];
        foreach (var entry in map.EnumerateObject())
        {
            string? file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null;

            // A shard lies beside its index: anything that could point elsewhere is refused.
            if (file is null || file.AsSpan().ContainsAny("/\\:\0") || !file.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                throw new ModelException($"{index}: tensor {entry.Name} is said to be in {entry.Value.GetRawText()}; a shard is a .safetensors file in the same folder.");
            }

            tensors.Add((entry.Name, file));
        }

        return tensors;
    });
}
