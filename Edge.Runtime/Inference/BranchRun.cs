using Microsoft.ML.OnnxRuntime;

namespace Edge.Runtime.Inference;

/// <summary>A run of a tree with a number of nodes, whose logits are wanted at every node.</summary>
internal sealed class BranchRun : IDisposable
{
    private readonly PinnedTensor<long> _rows;
    private readonly OrtValue _logits;

    /// <param name="run">What every run of this many tokens has.</param>
    /// <param name="logits">(nodes, vocabulary); pinned, and shared with runs of other sizes.</param>
    public BranchRun(BoundRun run, Memory<float> logits, int count)
    {
        Run = run;
        Count = count;
        _rows = new PinnedTensor<long>(count);
        for (int i = 0; i < count; i++)
        {
            _rows.Values[i] = i;
        }

        _logits = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, logits, [1, count, logits.Length / count]);
        run.Binding.BindInput("logits_at", _rows.Value);
        run.Binding.BindOutput("logits", _logits);
    }

    public BoundRun Run { get; }

    public int Count { get; }

    public void Dispose()
    {
        Run.Dispose();
        _rows.Dispose();
        _logits.Dispose();
    }
}
