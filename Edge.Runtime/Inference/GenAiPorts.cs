using Edge.Runtime.Models;
using Edge.Runtime.Models.GenAi;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Runtime.Inference;

/// <summary>The inputs and outputs that a ready-made graph really has, checked against what its config says.</summary>
internal sealed class GenAiPorts
{
    /// <exception cref="ModelException">An input or output is missing, of another shape or type, or one that Edge does not serve.</exception>
    public GenAiPorts(GenAiConfig config, string path, IReadOnlyDictionary<string, NodeMetadata> inputs, IReadOnlyDictionary<string, NodeMetadata> outputs)
    {
        var shape = config.Shape;
        var known = new HashSet<string>(StringComparer.Ordinal) { config.InputIds, config.AttentionMask, config.PositionIds };
        TakesPositions = inputs.ContainsKey(config.PositionIds);
        Check(inputs, config.InputIds, [TensorElementType.Int64], 2);
        Check(inputs, config.AttentionMask, [TensorElementType.Int64], 2);
        Check(outputs, config.Logits, [TensorElementType.Float, TensorElementType.Float16], 3, shape.Vocabulary);
        CacheType = Check(inputs, config.Name(0, 0), [TensorElementType.Float, TensorElementType.Float16], 4).ElementDataType;
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            for (int part = 0; part < 4; part++)
            {
                string name = config.Name(part, layer);
                var port = Check(part < 2 ? inputs : outputs, name, [CacheType], 4, shape.HeadDim);
                known.Add(name);
                if (port.Dimensions[1] > 0 && port.Dimensions[1] != shape.KvHeads)
                {
                    throw new ModelException($"{path}: {name} has {port.Dimensions[1]} heads, but {GenAiConfig.FileName} says {shape.KvHeads}; the files belong to two models.");
                }
            }
        }

        if (inputs.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new ModelException($"{path} has an input {unknown} that {GenAiConfig.FileName} does not explain; Edge gives ids, a mask, positions, and {shape.Layers} layers of keys and values.");
        }

        NodeMetadata Check(IReadOnlyDictionary<string, NodeMetadata> ports, string name, TensorElementType[] types, int rank, int last = 0)
        {
            if (!ports.TryGetValue(name, out var port))
            {
                throw new ModelException($"{path} has no {name}, which {GenAiConfig.FileName} names; the files belong to two models.");
            }

            if (!types.Contains(port.ElementDataType) || port.Dimensions.Length != rank || (last > 0 && port.Dimensions[^1] > 0 && port.Dimensions[^1] != last))
            {
                throw new ModelException($"{path}: {name} is {port.ElementDataType} [{string.Join(", ", port.Dimensions)}]; Edge needs {string.Join(" or ", types)} of {rank} dimensions{(last > 0 ? $", the last {last}" : "")}.");
            }

            return port;
        }
    }

    public bool TakesPositions { get; }

    /// <summary>Of keys and values: float or half.</summary>
    public TensorElementType CacheType { get; }
}
