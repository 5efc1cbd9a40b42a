using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Edge.Runtime.Models;
using Edge.Runtime.Models.GenAi;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Runtime.Inference;

/// <summary>
/// A ready-made graph in onnxruntime-genai's layout: ids, a mask of ones, where asked for positions, keys and values; floats or halves. Trees are run
/// way by way, because such graphs take no attention bias.
/// </summary>
public sealed class GenAiDecoder : IDecoder
{
    /// <summary>Tokens of one run; a longer prompt is several, so that their products stay small.</summary>
    private const int ChunkTokens = 256;

    private readonly GenAiConfig _config;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly GenAiCache _cache;
    private readonly bool _takesPositions;
    private readonly long[] _ones;
    private readonly float[] _logits;
    private float[] _branchLogits = [];
    private int[] _treeTokens = [], _treeParents = [];

    /// <exception cref="ModelException">The graph cannot be loaded, or is not what its config says.</exception>
    public GenAiDecoder(ModelFolder folder, DecoderOptions? options = null)
    {
        options ??= DecoderOptions.Default;
        _config = folder.GenAi ?? throw new ArgumentException($"{folder.FullName} is not in onnxruntime-genai's layout.", nameof(folder));
        Vocabulary = _config.Shape.Vocabulary;
        ContextLength = Math.Min(_config.Shape.ContextLength, options.ContextMax);
        _session = OnnxSession.Open(folder.OnnxPath, options);
        try
        {
            var ports = new GenAiPorts(_config, folder.OnnxPath, _session.InputMetadata, _session.OutputMetadata);
            _takesPositions = ports.TakesPositions;
            _cache = new GenAiCache(_config, ports.CacheType, ContextLength);
        }
        catch
        {
            _session.Dispose();
            throw;
        }

        _ones = new long[ContextLength];
        _ones.AsSpan().Fill(1);
        _logits = new float[Vocabulary];
    }

    public int Vocabulary { get; }

    public int ContextLength { get; }

    public int Length { get; private set; }

    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length < Length)
        {
            _cache.Truncate(length);
            Length = length;
        }

        _treeTokens = [];
    }

    public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens)
    {
        _treeTokens = [];
        CheckRoom(tokens.Length);
        for (int done = 0; done < tokens.Length; done += ChunkTokens)
        {
            RunChunk(tokens.Slice(done, Math.Min(ChunkTokens, tokens.Length - done)));
        }

        return _logits;
    }

    public ReadOnlySpan<float> RunBranches(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> parents)
    {
        if (tokens.Length is < 1 or > OnnxDecoder.BranchNodesMax || parents.Length != tokens.Length)
        {
            throw new ArgumentException($"The tree has {tokens.Length} tokens and {parents.Length} parents; use as many of both, 1 to {OnnxDecoder.BranchNodesMax}.", nameof(tokens));
        }

        if (Length == 0)
        {
            throw new InvalidOperationException("The cache is empty; a tree needs at least one token to follow.");
        }

        CheckRoom(tokens.Length);
        if (_branchLogits.Length < tokens.Length * Vocabulary)
        {
            _branchLogits = new float[tokens.Length * Vocabulary];
        }

        int start = Length;
        for (int node = 0; node < tokens.Length; node++)
        {
            if (parents[node] < -1 || parents[node] >= node)
            {
                throw new ArgumentException($"The parent of node {node} is {parents[node]}; use -1 to {node - 1}.", nameof(parents));
            }

            // Every node by its whole way: slow, and right for any graph.
            Truncate(start);
            Run(Way(tokens, parents, node)).CopyTo(_branchLogits.AsSpan(node * Vocabulary, Vocabulary));
        }

        Truncate(start);
        (_treeTokens, _treeParents) = (tokens.ToArray(), parents.ToArray());
        return _branchLogits.AsSpan(0, tokens.Length * Vocabulary);
    }

    public void KeepBranch(scoped ReadOnlySpan<int> path)
    {
        TokenTree.CheckPath(path, _treeTokens.Length == 0 ? [] : _treeParents);
        int[] tokens = new int[path.Length];
        for (int i = 0; i < path.Length; i++)
        {
            tokens[i] = _treeTokens[path[i]];
        }

        if (tokens.Length > 0)
        {
            Run(tokens);
        }

        _treeTokens = [];
    }

    public void Dispose()
    {
        _cache.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static int[] Way(ReadOnlySpan<int> tokens, ReadOnlySpan<int> parents, int node)
    {
        var way = new Stack<int>();
        for (; node >= 0; node = parents[node])
        {
            way.Push(tokens[node]);
        }

        return [.. way];
    }

    private void CheckRoom(int tokens)
    {
        if (Length + tokens > ContextLength)
        {
            throw new InvalidOperationException($"{Length} + {tokens} tokens are more than the context of {ContextLength}.");
        }
    }

    private void RunChunk(ReadOnlySpan<int> tokens)
    {
        int total = Length + tokens.Length;
        long[] ids = new long[tokens.Length], positions = new long[tokens.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            (ids[i], positions[i]) = (tokens[i], Length + i);
        }

        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, [1, ids.Length]);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _ones.AsMemory(0, total), [1, total]);
        using var positionsValue = OrtValue.CreateTensorValueFromMemory(positions, [1, positions.Length]);
        using var binding = _session.CreateIoBinding();
        binding.BindInput(_config.InputIds, idsValue);
        binding.BindInput(_config.AttentionMask, maskValue);
        if (_takesPositions)
        {
            binding.BindInput(_config.PositionIds, positionsValue);
        }

        binding.BindOutputToDevice(_config.Logits, OrtMemoryInfo.DefaultInstance);
        _cache.Bind(binding);
        _session.RunWithBinding(_runOptions, binding);
        var outputs = binding.GetOutputValues(); // logits, then keys and values, as they were bound
        TakeLogits(outputs[0]);
        outputs[0].Dispose();
        _cache.Take(outputs);
        Length = total;
    }

    /// <param name="logits">(1, tokens or 1, vocabulary); the last row counts.</param>
    private void TakeLogits(OrtValue logits)
    {
        if (logits.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float16)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(logits.GetTensorDataAsSpan<Float16>()[^Vocabulary..]), _logits);
        }
        else
        {
            logits.GetTensorDataAsSpan<float>()[^Vocabulary..].CopyTo(_logits);
        }
    }
}
