using Microsoft.ML.OnnxRuntime;

namespace Edge.Runtime.Inference;

/// <summary>A tensor over managed memory that does not move: it is read and written as an array, without a call into ONNX Runtime a step.</summary>
internal sealed class PinnedTensor<T> : IDisposable
    where T : unmanaged
{
    /// <param name="shape">All sizes; the values are zero at first.</param>
    public PinnedTensor(params long[] shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count = checked(count * size);
        }

        Values = GC.AllocateArray<T>(checked((int)count), pinned: true);
        Value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, Values.AsMemory(), shape);
    }

    public T[] Values { get; }

    public OrtValue Value { get; }

    public void Dispose() => Value.Dispose();
}
