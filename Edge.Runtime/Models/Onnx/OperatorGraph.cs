using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Edge.Runtime.Models.Onnx;

/// <summary>One operator as a model of its own, weights inside: for the self-test of the kernels.</summary>
internal sealed class OperatorGraph(string op)
{
    private readonly Graph _graph = new() { Name = op };
    private readonly Node _node = new() { Name = op, OpType = op, Domain = GraphBuilder.Microsoft };

    /// <summary>Adds an input that a run gives.</summary>
    /// <param name="dimensions">Numbers, or names of dimensions that a run decides.</param>
    public OperatorGraph Input(string name, OnnxType type, params ReadOnlySpan<object> dimensions)
    {
        _graph.Input.Add(GraphBuilder.Value(name, type, dimensions));
        _node.Input.Add(name);
        return this;
    }

    /// <summary>Adds an input that is part of the model.</summary>
    public OperatorGraph Weight<T>(string name, OnnxType type, ReadOnlySpan<T> values, params ReadOnlySpan<long> dimensions)
        where T : unmanaged
    {
        var tensor = new Tensor { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        tensor.Dims.AddRange(dimensions);
        _graph.Initializer.Add(tensor);
        _node.Input.Add(name);
        return this;
    }

    public OperatorGraph Output(string name, params ReadOnlySpan<object> dimensions)
    {
        _graph.Output.Add(GraphBuilder.Value(name, OnnxType.Float, dimensions));
        _node.Output.Add(name);
        return this;
    }

    public OperatorGraph Attribute(string name, int value)
    {
        _node.Attribute.Add(new Attribute { Name = name, Type = 2, I = value });
        return this;
    }

    public byte[] ToBytes()
    {
        _graph.Node.Add(_node);
        return GraphBuilder.Wrap(_graph).ToByteArray();
    }
}
