using Edge.Runtime.Models.GenAi;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Runtime.Inference;

/// <summary>
/// Keys and values of a ready-made graph, in the type it wants: buffers of full length that past and present share, or, where the graph cannot, what
/// the last run gave out.
/// </summary>
internal sealed class GenAiCache : IDisposable
{
    private readonly GenAiConfig _config;
    private readonly TensorElementType _type;
    private readonly int _context;
    private readonly OrtValue[] _values; // by layer and part; (1, kv heads, context or length, head size)

    public GenAiCache(GenAiConfig config, TensorElementType type, int context)
    {
        (_config, _type, _context) = (config, type, context);
        _values = new OrtValue[config.Shape.Layers * 2];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = Create(config.SharesBuffer ? context : 0);
        }
    }

    public void Bind(OrtIoBinding binding)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            binding.BindInput(_config.Name(i % 2, i / 2), _values[i]);
            string present = _config.Name(2 + (i % 2), i / 2);
            if (_config.SharesBuffer)
            {
                binding.BindOutput(present, _values[i]);
            }
            else
            {
                binding.BindOutputToDevice(present, OrtMemoryInfo.DefaultInstance);
            }
        }
    }

    /// <summary>Takes over what a run gave out, behind the logits.</summary>
    public void Take(IReadOnlyList<OrtValue> outputs)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            // With shared buffers what comes out is the same memory again.
            (_config.SharesBuffer ? outputs[i + 1] : _values[i]).Dispose();
            _values[i] = _config.SharesBuffer ? _values[i] : outputs[i + 1];
        }
    }

    /// <summary>Forgets every token from <paramref name="length"/> on.</summary>
    public void Truncate(int length)
    {
        if (_config.SharesBuffer)
        {
            return;
        }

        int row = _config.Shape.HeadDim * (_type == TensorElementType.Float16 ? 2 : 4);
        for (int i = 0; i < _values.Length; i++)
        {
            var shorter = Create(length);
            var from = _values[i].GetTensorMutableRawData();
            int old = from.Length / (row * _config.Shape.KvHeads);
            for (int head = 0; length > 0 && head < _config.Shape.KvHeads; head++)
            {
                from.Slice(head * old * row, length * row).CopyTo(shorter.GetTensorMutableRawData()[(head * length * row)..]);
            }

            _values[i].Dispose();
            _values[i] = shorter;
        }
    }

    public void Dispose()
    {
        foreach (var value in _values)
        {
            value.Dispose();
        }
    }

    private OrtValue Create(int length)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, _type, [1, _config.Shape.KvHeads, length, _config.Shape.HeadDim]);
        if (length > 0)
        {
            // Attention multiplies what lies behind the last token by zero: it must be a number.
            value.GetTensorMutableRawData().Clear();
        }

        return value;
    }
}
