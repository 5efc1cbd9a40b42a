using Edge.Runtime.Models;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Runtime.Inference;

/// <summary>
/// A converted model in ONNX Runtime. Past and present of a layer are one buffer, bound once: a step copies nothing and, once its number of
/// tokens has been seen, allocates nothing.
/// </summary>
public sealed class OnnxDecoder : IDecoder
{
    /// <summary>Nodes of a tree.</summary>
    public const int BranchNodesMax = 128;

    /// <summary>Runs of up to this many tokens keep their binding.</summary>
    private const int KeptRuns = 32;

    /// <summary>
    /// Tokens of one run: a longer prompt is several, because the bias among a run's tokens grows with their square (16.8 MB at 2,048, 2.1 MB so) and
    /// hidden states with their number.
    /// </summary>
    private const int ChunkTokens = 256;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly KvCache _cache;
    private readonly PinnedTensor<int> _lastIndex = new(1), _totalLength = new(1);
    private readonly PinnedTensor<long> _rows = new(1);
    private readonly PinnedTensor<float> _logits; // (1, 1, vocabulary)
    private readonly BoundRun?[] _runs = new BoundRun?[KeptRuns + 1];
    private readonly BranchRun?[] _branchRuns = new BranchRun?[BranchNodesMax + 1];
    private readonly int[] _parents = new int[BranchNodesMax]; // of the tree that ran last
    private BoundRun? _chunk;
    private float[]? _branchLogits; // (nodes at most, vocabulary)
    private int _branchNodes;

    /// <exception cref="ModelException">The graph cannot be loaded.</exception>
    public OnnxDecoder(ModelFolder folder, DecoderOptions? options = null)
    {
        options ??= DecoderOptions.Default;
        var config = folder.Config;
        Vocabulary = config.Vocabulary;
        ContextLength = Math.Min(Math.Min(config.ContextLength, folder.Manifest.ContextLength), options.ContextMax);
        _session = Open(folder.OnnxPath, options);
        _cache = new KvCache(config.Layers, config.KvHeads, ContextLength, config.HeadDim);
        _logits = new PinnedTensor<float>(1, 1, Vocabulary);
    }

    public int Vocabulary { get; }

    public int ContextLength { get; }

    public int Length { get; private set; }

    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = Math.Min(Length, length);
        _branchNodes = 0;
    }

    public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> tokens)
    {
        CheckRoom(tokens.Length);
        for (; tokens.Length > ChunkTokens; tokens = tokens[ChunkTokens..])
        {
            Run(_chunk ??= BindRun(ChunkTokens), tokens[..ChunkTokens]);
        }

        int count = tokens.Length;
        if (count <= KeptRuns)
        {
            Run(_runs[count] ??= BindRun(count), tokens);
        }
        else
        {
            using var run = BindRun(count);
            Run(run, tokens);
        }

        return _logits.Values;
    }

    public ReadOnlySpan<float> RunBranches(scoped ReadOnlySpan<int> tokens, scoped ReadOnlySpan<int> parents)
    {
        if (tokens.Length is < 1 or > BranchNodesMax || parents.Length != tokens.Length)
        {
            throw new ArgumentException($"The tree has {tokens.Length} tokens and {parents.Length} parents; use as many of both, 1 to {BranchNodesMax}.", nameof(tokens));
        }

        if (Length == 0)
        {
            // GroupQueryAttention counts positions itself in a first prompt, whatever position_ids says.
            throw new InvalidOperationException("The cache is empty; a tree needs at least one token to follow.");
        }

        CheckRoom(tokens.Length);
        _branchNodes = 0;
        var branch = _branchRuns[tokens.Length] ??= BindBranches(tokens.Length);
        TokenTree.Describe(parents, Length, branch.Run.Positions, branch.Run.BranchBias);
        Execute(branch.Run, tokens);
        parents.CopyTo(_parents);
        _branchNodes = tokens.Length;
        return _branchLogits.AsSpan(0, tokens.Length * Vocabulary);
    }

    public void KeepBranch(scoped ReadOnlySpan<int> path)
    {
        TokenTree.CheckPath(path, _parents.AsSpan(0, _branchNodes));
        _cache.Gather(Length, path);
        Length += path.Length;
        _branchNodes = 0;
    }

    public void Dispose()
    {
        foreach (var run in _runs)
        {
            run?.Dispose();
        }

        foreach (var run in _branchRuns)
        {
            run?.Dispose();
        }

        _chunk?.Dispose();
        _cache.Dispose();
        _lastIndex.Dispose();
        _totalLength.Dispose();
        _rows.Dispose();
        _logits.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }

    private void CheckRoom(int tokens)
    {
        if (Length + tokens > ContextLength)
        {
            throw new InvalidOperationException($"{Length} + {tokens} tokens are more than the context of {ContextLength}.");
        }
    }

    private void Run(BoundRun run, ReadOnlySpan<int> tokens)
    {
        _branchNodes = 0;
        var positions = run.Positions;
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = Length + i;
        }

        _rows.Values[0] = tokens.Length - 1;
        Execute(run, tokens);
        Length += tokens.Length;
    }

    private void Execute(BoundRun run, ReadOnlySpan<int> tokens)
    {
        var ids = run.Ids;
        for (int i = 0; i < tokens.Length; i++)
        {
            ids[i] = tokens[i];
        }

        _lastIndex.Values[0] = Length + tokens.Length - 1;
        _totalLength.Values[0] = Length + tokens.Length;
        _session.RunWithBinding(_runOptions, run.Binding);
    }

    private BoundRun BindRun(int count)
    {
        var run = new BoundRun(BindCommon(), count);
        run.Binding.BindInput("logits_at", _rows.Value);
        run.Binding.BindOutput("logits", _logits.Value);
        return run;
    }

    private BranchRun BindBranches(int count)
    {
        // Pages that no tree has needed yet cost no memory.
        _branchLogits ??= GC.AllocateUninitializedArray<float>(checked(BranchNodesMax * Vocabulary), pinned: true);
        return new BranchRun(new BoundRun(BindCommon(), count), _branchLogits.AsMemory(0, count * Vocabulary), count);
    }

    private OrtIoBinding BindCommon()
    {
        var binding = _session.CreateIoBinding();
        binding.BindInput("seqlens_k", _lastIndex.Value);
        binding.BindInput("total_sequence_length", _totalLength.Value);
        _cache.Bind(binding);
        return binding;
    }

    private static InferenceSession Open(string path, DecoderOptions options)
    {
        var opened = OnnxSession.Open(path, options);
        if (opened.InputMetadata.ContainsKey("branch_bias"))
        {
            return opened;
        }

        opened.Dispose();
        throw new ModelException($"{path} has no input branch_bias: it was made by an earlier version of Edge; convert the model again.");
    }
}
