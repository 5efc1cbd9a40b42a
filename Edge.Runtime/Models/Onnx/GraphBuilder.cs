using System.Globalization;
using Edge.Runtime.Models.Weights;
using Google.Protobuf;

namespace Edge.Runtime.Models.Onnx;

/// <summary>Puts an ONNX graph together: nodes, and weights whose bytes lie in a file beside the graph.</summary>
internal sealed class GraphBuilder(string dataFile)
{
    /// <summary>ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    // Maps, so that a weight can be read in place: on a cache line each.
    private const int Alignment = 64;

    private readonly Graph _graph = new() { Name = "decoder" };
    private readonly List<Weight> _weights = [];

    /// <summary>Weights to write, in the order of the file.</summary>
    public IReadOnlyList<Weight> Weights => _weights;

    /// <summary>Bytes of the weight file.</summary>
    public long DataBytes { get; private set; }

    /// <param name="dimensions">Numbers, or names of dimensions that a run decides.</param>
    public void Input(string name, OnnxType type, params ReadOnlySpan<object> dimensions) => _graph.Input.Add(Value(name, type, dimensions));

    public void Output(string name, OnnxType type, params ReadOnlySpan<object> dimensions) => _graph.Output.Add(Value(name, type, dimensions));

    /// <summary>Adds a node with one output, named like the node.</summary>
    public string Node(string domain, string op, string name, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Node(domain, op, name, inputs, [name], attributes);
        return name;
    }

    /// <param name="inputs">Empty where an optional one is left out.</param>
    /// <param name="outputs">The same.</param>
    public void Node(string domain, string op, string name, ReadOnlySpan<string> inputs, ReadOnlySpan<string> outputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new Node { Domain = domain, OpType = op, Name = name };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        foreach (var (attribute, value) in attributes)
        {
            node.Attribute.Add(value switch
            {
                int i => new Attribute { Name = attribute, Type = 2, I = i },
                float f => new Attribute { Name = attribute, Type = 1, F = f },
                _ => throw new ArgumentException($"Attribute {attribute} is neither a whole number nor a float."),
            });
        }

        _graph.Node.Add(node);
    }

    /// <summary>A number inside the graph.</summary>
    public void Constant(string name, float value) =>
        _graph.Initializer.Add(new Tensor { Name = name, DataType = (int)OnnxType.Float, RawData = ByteString.CopyFrom(BitConverter.GetBytes(value)) });

    /// <summary>A small vector of whole numbers inside the graph.</summary>
    public void Constant(string name, ReadOnlySpan<long> values)
    {
        var tensor = new Tensor { Name = name, DataType = (int)OnnxType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        _graph.Initializer.Add(tensor);
    }

    /// <summary>Declares a weight and reserves its place in the file.</summary>
    /// <returns>Its first byte.</returns>
    public long Reserve(string name, OnnxType type, long bytes, params ReadOnlySpan<long> dimensions)
    {
        long offset = (DataBytes + Alignment - 1) / Alignment * Alignment;
        DataBytes = offset + bytes;
        var tensor = new Tensor { Name = name, DataType = (int)type, DataLocation = 1 };
        tensor.Dims.AddRange(dimensions);
        tensor.ExternalData.Add(new Entry { Key = "location", Value = dataFile });
        tensor.ExternalData.Add(new Entry { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        tensor.ExternalData.Add(new Entry { Key = "length", Value = bytes.ToString(CultureInfo.InvariantCulture) });
        _graph.Initializer.Add(tensor);
        return offset;
    }

    /// <summary>Queues the bytes of a reserved place.</summary>
    public void Fill(Weight weight) => _weights.Add(weight);

    /// <summary>Without the program's version, so that the same weights give the same bytes in every release.</summary>
    public void WriteTo(Stream stream) => Wrap(_graph).WriteTo(stream);

    internal static Model Wrap(Graph graph)
    {
        // IR 10 and operator set 21: what ONNX Runtime has read since 1.19.
        var model = new Model { IrVersion = 10, ProducerName = "edge", Graph = graph };
        model.OpsetImport.Add(new OperatorSet { Domain = "", Version = 21 });
        model.OpsetImport.Add(new OperatorSet { Domain = Microsoft, Version = 1 });
        return model;
    }

    internal static Value Value(string name, OnnxType type, ReadOnlySpan<object> dimensions)
    {
        var shape = new Shape();
        foreach (object dimension in dimensions)
        {
            shape.Dim.Add(dimension is string symbol
                ? new Dimension { DimParam = symbol }
                : new Dimension { DimValue = Convert.ToInt64(dimension, CultureInfo.InvariantCulture) });
        }

        return new Value { Name = name, Type = new ValueType { TensorType = new TensorType { ElemType = (int)type, Shape = shape } } };
    }
}
