using Edge.Runtime.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Runtime.Inference;

/// <summary>
/// A converted model in ONNX Runtime. Past and present of a layer are one buffer, bound once: a step copies nothing and, once its number of
/// tokens has been seen, allocates nothing.
/// </summary>
public sealed class OnnxDecoder : IDecoder
{
    /// <summary>Runs of up to this many tokens keep their binding.</summary>
    private const int KeptBindings = 32;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly OrtValue[] _cache; // 2 a layer: (1, kv heads, context, head size)
    private readonly OrtValue _lastIndex, _totalLength, _rows, _logits;
    private readonly Step?[] _steps = new Step?[KeptBindings + 1];
    private readonly string[] _pastNames, _presentNames;

    /// <exception cref="ModelException">The graph cannot be loaded.</exception>
    public OnnxDecoder(ModelFolder folder, DecoderOptions? options = null)
    {
        options ??= DecoderOptions.Default;
        NativeEnvironment.DisableTelemetry();
        var config = folder.Config;
        Vocabulary = config.Vocabulary;
        ContextLength = Math.Min(Math.Min(config.ContextLength, folder.Manifest.ContextLength), options.ContextMax);
        _session = Open(folder.OnnxPath, options);

        _cache = new OrtValue[config.Layers * 2];
        _pastNames = new string[_cache.Length];
        _presentNames = new string[_cache.Length];
        for (int i = 0; i < _cache.Length; i++)
        {
            string part = $"{i / 2}.{(i % 2 == 0 ? "key" : "value")}";
            (_pastNames[i], _presentNames[i]) = ("past_key_values." + part, "present." + part);
            _cache[i] = Tensor(TensorElementType.Float, [1, config.KvHeads, ContextLength, config.HeadDim]);

            // Memory fresh from the system is not always zero, and attention multiplies what lies behind the last token by zero.
            _cache[i].GetTensorMutableDataAsSpan<float>().Clear();
        }

        _lastIndex = Tensor(TensorElementType.Int32, [1]);
        _totalLength = Tensor(TensorElementType.Int32, [1]);
        _rows = Tensor(TensorElementType.Int64, [1]);
        _logits = Tensor(TensorElementType.Float, [1, 1, Vocabulary]);
    }

    public int Vocabulary { get; }

    public int ContextLength { get; }

    public int Length { get; private set; }

    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = Math.Min(Length, length);
    }

    public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens)
    {
        if (Length + tokens.Length > ContextLength)
        {
            throw new InvalidOperationException($"{Length} + {tokens.Length} tokens are more than the context of {ContextLength}.");
        }

        int count = tokens.Length;
        if (count <= KeptBindings)
        {
            Run(_steps[count] ??= new Step(this, count), tokens);
        }
        else
        {
            using var step = new Step(this, count);
            Run(step, tokens);
        }

        return _logits.GetTensorDataAsSpan<float>();
    }

    public void Dispose()
    {
        foreach (var step in _steps)
        {
            step?.Dispose();
        }

        foreach (var value in _cache)
        {
            value.Dispose();
        }

        _lastIndex.Dispose();
        _totalLength.Dispose();
        _rows.Dispose();
        _logits.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private void Run(Step step, ReadOnlySpan<int> tokens)
    {
        var ids = step.Ids.GetTensorMutableDataAsSpan<long>();
        for (int i = 0; i < tokens.Length; i++)
        {
            ids[i] = tokens[i];
        }

        _lastIndex.GetTensorMutableDataAsSpan<int>()[0] = Length + tokens.Length - 1;
        _totalLength.GetTensorMutableDataAsSpan<int>()[0] = Length + tokens.Length;
        _rows.GetTensorMutableDataAsSpan<long>()[0] = tokens.Length - 1;
        _session.RunWithBinding(_runOptions, step.Binding);
        Length += tokens.Length;
    }

    private static InferenceSession Open(string path, DecoderOptions options)
    {
        using var session = new SessionOptions
        {
            IntraOpNumThreads = options.ThreadCount,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spin ? "1" : "0");
        try
        {
            return new InferenceSession(path, session);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelException($"{path} cannot be loaded by ONNX Runtime ({fault.Message.ReplaceLineEndings(" ")}); convert the model again.", fault);
        }
    }

    private static OrtValue Tensor(TensorElementType type, long[] shape) => OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);

    /// <summary>Everything bound for runs of one number of tokens.</summary>
    private sealed class Step : IDisposable
    {
        public Step(OnnxDecoder owner, int count)
        {
            Ids = Tensor(TensorElementType.Int64, [1, count]);
            Binding = owner._session.CreateIoBinding();
            Binding.BindInput("input_ids", Ids);
            Binding.BindInput("seqlens_k", owner._lastIndex);
            Binding.BindInput("total_sequence_length", owner._totalLength);
            Binding.BindInput("logits_at", owner._rows);
            Binding.BindOutput("logits", owner._logits);
            for (int i = 0; i < owner._cache.Length; i++)
            {
                Binding.BindInput(owner._pastNames[i], owner._cache[i]);
                Binding.BindOutput(owner._presentNames[i], owner._cache[i]);
            }
        }

        public OrtValue Ids { get; }

        public OrtIoBinding Binding { get; }

        public void Dispose()
        {
            Binding.Dispose();
            Ids.Dispose();
        }
    }
}
