using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Runtime.Inference;

/// <summary>The inputs and outputs of runs of one number of tokens, bound to buffers that are made once.</summary>
internal sealed class BoundRun : IDisposable
{
    private readonly OrtValue _ids, _positions, _branchBias;

    /// <param name="binding">Everything that does not depend on the number of tokens is bound already.</param>
    public BoundRun(OrtIoBinding binding, int count)
    {
        Binding = binding;
        _ids = Allocate(TensorElementType.Int64, [1, count]);
        _positions = Allocate(TensorElementType.Int64, [1, count]);
        _branchBias = Allocate(TensorElementType.Float, [1, 1, count, count]);
        BranchBias.Clear();
        binding.BindInput("input_ids", _ids);
        binding.BindInput("position_ids", _positions);
        binding.BindInput("branch_bias", _branchBias);
    }

    public OrtIoBinding Binding { get; }

    /// <summary>(tokens)</summary>
    public Span<long> Ids => _ids.GetTensorMutableDataAsSpan<long>();

    /// <summary>(tokens)</summary>
    public Span<long> Positions => _positions.GetTensorMutableDataAsSpan<long>();

    /// <summary>(tokens, tokens), zero at first: added to attention scores among the tokens of the run.</summary>
    public Span<float> BranchBias => _branchBias.GetTensorMutableDataAsSpan<float>();

    public static OrtValue Allocate(TensorElementType type, long[] shape) => OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);

    public void Dispose()
    {
        Binding.Dispose();
        _ids.Dispose();
        _positions.Dispose();
        _branchBias.Dispose();
    }
}
