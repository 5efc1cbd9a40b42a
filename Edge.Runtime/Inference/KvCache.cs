using Microsoft.ML.OnnxRuntime;

namespace Edge.Runtime.Inference;

/// <summary>Keys and values of every layer, two buffers a layer of full length: past and present of a run are the same memory.</summary>
internal sealed class KvCache : IDisposable
{
    private readonly PinnedTensor<float>[] _buffers; // each (1, kv heads, context, head size)
    private readonly string[] _pastNames, _presentNames;
    private readonly int _kvHeads, _context, _headDim;

    public KvCache(int layers, int kvHeads, int context, int headDim)
    {
        (_kvHeads, _context, _headDim) = (kvHeads, context, headDim);
        _buffers = new PinnedTensor<float>[layers * 2];
        _pastNames = new string[_buffers.Length];
        _presentNames = new string[_buffers.Length];
        for (int i = 0; i < _buffers.Length; i++)
        {
            string part = $"{i / 2}.{(i % 2 == 0 ? "key" : "value")}";
            (_pastNames[i], _presentNames[i]) = ("past_key_values." + part, "present." + part);

            // Zeros, because attention multiplies what lies behind the last token by zero; by .NET, which does not touch pages that are zero
            // already: places that no token has reached cost no memory.
            _buffers[i] = new PinnedTensor<float>(1, kvHeads, context, headDim);
        }
    }

    public void Bind(OrtIoBinding binding)
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            binding.BindInput(_pastNames[i], _buffers[i].Value);
            binding.BindOutput(_presentNames[i], _buffers[i].Value);
        }
    }

    /// <summary>Moves what lies at <paramref name="length"/> + <paramref name="offsets"/> to <paramref name="length"/>, closely packed.</summary>
    /// <param name="offsets">Ascending, so that nothing is overwritten before it is read.</param>
    public void Gather(int length, ReadOnlySpan<int> offsets)
    {
        foreach (var buffer in _buffers)
        {
            var all = buffer.Values.AsSpan();
            for (int head = 0; head < _kvHeads; head++)
            {
                var rows = all.Slice(((head * _context) + length) * _headDim, (_context - length) * _headDim);
                for (int i = 0; i < offsets.Length; i++)
                {
                    if (offsets[i] != i)
                    {
                        rows.Slice(offsets[i] * _headDim, _headDim).CopyTo(rows[(i * _headDim)..]);
                    }
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }
    }
}
