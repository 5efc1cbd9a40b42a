using System.Numerics.Tensors;
using Edge.Runtime.Models.Safetensors;

namespace Edge.Runtime.Models.Lora;

/// <summary>
/// A PEFT adapter: W becomes W + scale · B·A for the weights it names, and some weights are replaced. Source: Hu et al. 2021, LoRA;
/// PEFT's <c>adapter_model.safetensors</c>.
/// </summary>
internal sealed class LoraAdapter : IDisposable
{
    private const string Prefix = "base_model.model.";
    private const string DownSuffix = ".lora_A.weight", UpSuffix = ".lora_B.weight";

    private readonly Dictionary<string, LoraPair> _pairs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorEntry> _replaced = new(StringComparer.Ordinal);
    private readonly LoraConfig _config;
    private (string Name, float[] Down, float[] Up)? _loaded; // weights are written one after the other

    private LoraAdapter(LoraConfig config, SafetensorsFile file)
    {
        _config = config;
        File = file;
        foreach (var (name, tensor) in file.Tensors)
        {
            Sort(name, tensor);
        }

        if (_pairs.Count + _replaced.Count == 0)
        {
            throw new ModelException($"{file.Path} holds no LoRA weights.");
        }
    }

    public SafetensorsFile File { get; }

    /// <summary>Weights that the adapter brings whole (modules_to_save), by the model's names.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Replaced => _replaced;

    public IReadOnlyList<string> Files => [_config.Path, File.Path];

    /// <exception cref="ModelException">Missing, malformed, or with a feature that Edge does not have.</exception>
    public static LoraAdapter Open(string folder)
    {
        var config = LoraConfig.Read(folder);
        var file = SafetensorsFile.Open(Path.Combine(folder, "adapter_model.safetensors"));
        try
        {
            return new LoraAdapter(config, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public bool Changes(string weight) => _pairs.ContainsKey(weight);

    /// <summary>Every weight that the adapter changes is there, in the right shape.</summary>
    public void CheckAgainst(SafetensorsFolder model)
    {
        foreach (var (weight, (down, up)) in _pairs)
        {
            if (!model.TryFind(weight, out var tensor))
            {
                throw new ModelException($"{File.Path} changes {weight}, which the model does not have; the adapter is of another model.");
            }

            if (tensor.Shape is not [var rows, var columns] || down.Shape[1] != columns || up.Shape[0] != rows)
            {
                throw new ModelException($"{File.Path}: the shapes {up.ShapeText} · {down.ShapeText} are not those of {weight}, {tensor.ShapeText}; the adapter is of another model.");
            }
        }
    }

    /// <summary>Adds the change of elements from <paramref name="first"/> on, row-major.</summary>
    public void AddTo(TensorEntry weight, long first, Span<float> floats)
    {
        if (!_pairs.TryGetValue(weight.Name, out var pair))
        {
            return;
        }

        var (down, up) = Load(weight.Name, pair);
        int columns = (int)weight.Shape[1], rank = (int)pair.Down.Shape[0];
        float scale = _config.ScaleOf(weight.Name[..^".weight".Length], rank);
        while (!floats.IsEmpty)
        {
            int row = (int)(first / columns), column = (int)(first % columns);
            var part = floats[..Math.Min(floats.Length, columns - column)];
            for (int i = 0; i < rank; i++)
            {
                // part += scale · B[row, i] · A[i, column…]
                TensorPrimitives.MultiplyAdd(down.AsSpan((i * columns) + column, part.Length), scale * up[(row * rank) + i], part, part);
            }

            first += part.Length;
            floats = floats[part.Length..];
        }
    }

    public void Dispose() => File.Dispose();

    private (float[] Down, float[] Up) Load(string name, LoraPair pair)
    {
        if (_loaded is { } loaded && loaded.Name == name)
        {
            return (loaded.Down, loaded.Up);
        }

        float[] down = Read(pair.Down), up = Read(pair.Up);
        _loaded = (name, down, up);
        return (down, up);
    }

    private float[] Read(TensorEntry tensor)
    {
        float[] values = new float[tensor.Shape[0] * tensor.Shape[1]];
        FloatReader.Read(File, tensor, 0, values);
        int bad = FloatReader.IndexOfNotFinite(values);
        return bad < 0 ? values : throw new ModelException($"{File.Path}: element {bad} of tensor {tensor.Name} is {values[bad]}; the adapter is damaged.");
    }

    private void Sort(string name, TensorEntry tensor)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || tensor.Type == ElementType.Other)
        {
            throw new ModelException($"{File.Path}: tensor {name} is not one of an adapter for a causal language model, in F16, BF16 or F32.");
        }

        string own = name[Prefix.Length..];
        if (own.EndsWith(UpSuffix, StringComparison.Ordinal))
        {
            return; // with its partner
        }

        if (!own.EndsWith(DownSuffix, StringComparison.Ordinal))
        {
            _replaced[own.Replace(".modules_to_save", "", StringComparison.Ordinal)] = own.Contains(".lora_", StringComparison.Ordinal)
                ? throw new ModelException($"{File.Path}: tensor {name} is of a kind that Edge does not merge; it knows lora_A and lora_B of linear layers.")
                : tensor;
            return;
        }

        string module = own[..^DownSuffix.Length];
        if (!File.Tensors.TryGetValue(Prefix + module + UpSuffix, out var up) || tensor.Shape.Count != 2 || up.Shape.Count != 2 || up.Shape[1] != tensor.Shape[0])
        {
            throw new ModelException($"{File.Path}: {name} has no {module}{UpSuffix} of fitting shape; the adapter is incomplete.");
        }

        _pairs[module + ".weight"] = new LoraPair(tensor, up);
    }

    /// <param name="Down">A, (rank, columns).</param>
    /// <param name="Up">B, (rows, rank).</param>
    private sealed record LoraPair(TensorEntry Down, TensorEntry Up);
}
