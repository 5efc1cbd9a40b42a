using Microsoft.ML.OnnxRuntime;

namespace Edge.Runtime.Inference;

/// <summary>The inputs and outputs of runs of one number of tokens, bound to buffers that are made once.</summary>
internal sealed class BoundRun : IDisposable
{
    private readonly PinnedTensor<long> _ids, _positions;
    private readonly PinnedTensor<float> _branchBias;

    /// <param name="binding">Everything that does not depend on the number of tokens is bound already.</param>
    public BoundRun(OrtIoBinding binding, int count)
    {
        Binding = binding;
        _ids = new PinnedTensor<long>(1, count);
        _positions = new PinnedTensor<long>(1, count);
        _branchBias = new PinnedTensor<float>(1, 1, count, count);
        binding.BindInput("input_ids", _ids.Value);
        binding.BindInput("position_ids", _positions.Value);
        binding.BindInput("branch_bias", _branchBias.Value);
    }

    public OrtIoBinding Binding { get; }

    /// <summary>(tokens)</summary>
    public Span<long> Ids => _ids.Values;

    /// <summary>(tokens)</summary>
    public Span<long> Positions => _positions.Values;

    /// <summary>(tokens, tokens), zero at first: added to attention scores among the tokens of the run.</summary>
    public Span<float> BranchBias => _branchBias.Values;

    public void Dispose()
    {
        Binding.Dispose();
        _ids.Dispose();
        _positions.Dispose();
        _branchBias.Dispose();
    }
}
