using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Tests.Models;

/// <summary>A model run as the graph's contract says: past and present are one buffer of fixed length.</summary>
internal sealed partial class SharedCacheSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly OrtValue[] _cache;
    private readonly int _vocabulary;

    public SharedCacheSession(string onnxPath, int layers, int kvHeads, int headDim, int positions, int vocabulary)
    {
        // Read natively when the library starts; .NET's own environment is a copy that it would not see.
        _ = SetEnvironment("ORT_DISABLE_TELEMETRY", "1", 1);
        using var options = new SessionOptions { IntraOpNumThreads = 2, InterOpNumThreads = 1 };

        // Tests share the cores with each other: threads that spin while they wait would take them away.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        _session = new InferenceSession(onnxPath, options);
        _binding = _session.CreateIoBinding();
        _vocabulary = vocabulary;
        _cache = new OrtValue[2 * layers];
        for (int i = 0; i < _cache.Length; i++)
        {
            string name = $"{i / 2}.{(i % 2 == 0 ? "key" : "value")}";
            _cache[i] = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [1, kvHeads, positions, headDim]);
            _binding.BindInput($"past_key_values.{name}", _cache[i]);
            _binding.BindOutput($"present.{name}", _cache[i]);
        }
    }

    /// <summary>Tokens in the cache.</summary>
    public int Past { get; set; }

    /// <summary>Appends tokens to the cache; returns the logits at the wanted ones, (rows, vocabulary).</summary>
    public float[] Run(ReadOnlySpan<int> tokens, params ReadOnlySpan<long> logitsAt)
    {
        long[] positions = [.. Enumerable.Range(Past, tokens.Length)];
        return RunTree(tokens, positions, new float[tokens.Length * tokens.Length], logitsAt);
    }

    /// <summary>The same with positions and a bias among the tokens, (tokens, tokens).</summary>
    public float[] RunTree(ReadOnlySpan<int> tokens, long[] positions, float[] bias, params ReadOnlySpan<long> logitsAt)
    {
        long[] ids = new long[tokens.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = tokens[i];
        }

        float[] logits = new float[logitsAt.Length * _vocabulary];
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, [1, ids.Length]);
        using var atValue = OrtValue.CreateTensorValueFromMemory(logitsAt.ToArray(), [logitsAt.Length]);
        using var seqlens = OrtValue.CreateTensorValueFromMemory(new[] { Past + ids.Length - 1 }, [1]);
        using var total = OrtValue.CreateTensorValueFromMemory(new[] { Past + ids.Length }, [1]);
        using var positionsValue = OrtValue.CreateTensorValueFromMemory(positions, [1, ids.Length]);
        using var biasValue = OrtValue.CreateTensorValueFromMemory(bias, [1, 1, ids.Length, ids.Length]);
        using var output = OrtValue.CreateTensorValueFromMemory(logits, [1, logitsAt.Length, _vocabulary]);
        _binding.BindInput("input_ids", idsValue);
        _binding.BindInput("logits_at", atValue);
        _binding.BindInput("seqlens_k", seqlens);
        _binding.BindInput("total_sequence_length", total);
        _binding.BindInput("position_ids", positionsValue);
        _binding.BindInput("branch_bias", biasValue);
        _binding.BindOutput("logits", output);
        _session.RunWithBinding(_runOptions, _binding);
        Past += ids.Length;
        return logits;
    }

    public void Dispose()
    {
        _binding.Dispose();
        foreach (var value in _cache)
        {
            value.Dispose();
        }

        _runOptions.Dispose();
        _session.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
