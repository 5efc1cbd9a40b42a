using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Tests.Fakes;
using Edge.Tests.Models;
using Xunit;

namespace Edge.Tests.Inference;

/// <summary>Trees of continuations against the same tokens run one after the other.</summary>
public sealed class OnnxDecoderTests : IDisposable
{
    private static readonly int[] _prompt = [1, 17, 259, 260, 3, 99];

    // A trunk of three, a fork of three behind it, a second root with a chain.
    private static readonly int[] _tokens = [42, 7, 128, 250, 251, 252, 9, 42, 7];
    private static readonly int[] _parents = [-1, 0, 1, 2, 2, 2, -1, 6, 7];
    private static readonly int[][] _paths = [[0], [0, 1, 2, 3], [0, 1, 2, 4], [0, 1, 2, 5], [6, 7, 8]];

    private readonly TemporaryFolder _folder = new();
    private readonly OnnxDecoder _decoder;

    public OnnxDecoderTests()
    {
        new RandomLlama().Fill(1).Write(_folder.File("source"));
        ModelConverter.Convert(new ConvertOptions(_folder.File("source"), _folder.File("model")) { Bits = 32 }, null, TestContext.Current.CancellationToken);
        _decoder = new OnnxDecoder(ModelFolder.Open(_folder.File("model")), new DecoderOptions { Threads = 1 });
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Every_node_of_a_tree_has_the_logits_of_its_path_run_alone(int cached)
    {
        Load(cached);
        float[] tree = _decoder.RunBranches(_tokens, _parents).ToArray();
        Assert.Equal(cached, _decoder.Length);
        foreach (int[] path in _paths)
        {
            for (int depth = 0; depth < path.Length; depth++)
            {
                Load(cached);
                float[] alone = [];
                foreach (int node in path[..(depth + 1)])
                {
                    alone = _decoder.Run([_tokens[node]]).ToArray();
                }

                Near(alone, tree.AsSpan(path[depth] * _decoder.Vocabulary, _decoder.Vocabulary));
            }
        }
    }

    [Fact]
    public void A_kept_branch_is_as_if_it_had_been_run()
    {
        foreach (int[] path in _paths)
        {
            Load(_prompt.Length);
            _decoder.Run([.. path.Select(n => _tokens[n])]);
            float[] plain = _decoder.Run([33, 34]).ToArray();

            Load(_prompt.Length);
            _decoder.RunBranches(_tokens, _parents);
            _decoder.KeepBranch(path);
            Assert.Equal(_prompt.Length + path.Length, _decoder.Length);
            Near(plain, _decoder.Run([33, 34]));
        }
    }

    [Fact]
    public void A_plain_run_of_a_size_that_a_tree_had_sees_all_that_came_before()
    {
        Load(_prompt.Length);
        float[] plain = _decoder.Run(_tokens).ToArray();
        Load(_prompt.Length);
        _decoder.RunBranches(_tokens, _parents);
        Near(plain, _decoder.Run(_tokens));
    }

    [Fact]
    public void A_second_tree_of_the_same_size_is_another_tree()
    {
        Load(_prompt.Length);
        float[] fork = _decoder.RunBranches([5, 6], [-1, -1]).ToArray();
        float[] chain = _decoder.RunBranches([5, 6], [-1, 0]).ToArray();
        float[] again = _decoder.RunBranches([5, 6], [-1, -1]).ToArray();
        Assert.Equal(fork, again);
        Near(fork.AsSpan(0, _decoder.Vocabulary).ToArray(), chain.AsSpan(0, _decoder.Vocabulary));
        Assert.NotEqual(fork[^1], chain[^1]);
    }

    [Fact]
    public void What_is_no_tree_and_no_path_is_refused()
    {
        Load(3);
        Assert.Throws<ArgumentException>(() => _decoder.RunBranches([1, 2], [0, -1]));
        Assert.Throws<ArgumentException>(() => _decoder.RunBranches([1, 2], [-1, 1]));
        Assert.Throws<ArgumentException>(() => _decoder.RunBranches([1, 2], [-1]));
        Assert.Throws<ArgumentException>(() => _decoder.RunBranches(new int[129], new int[129]));
        _decoder.RunBranches([4, 5, 6], [-1, 0, 0]);
        Assert.Throws<ArgumentException>(() => _decoder.KeepBranch([1]));
        Assert.Throws<ArgumentException>(() => _decoder.KeepBranch([0, 1, 2]));
        Assert.Throws<ArgumentException>(() => _decoder.KeepBranch([0, 3]));
        _decoder.Run([9]);
        Assert.Throws<ArgumentException>(() => _decoder.KeepBranch([0]));
        Load(0);
        Assert.Throws<InvalidOperationException>(() => _decoder.RunBranches([1], [-1]));
        Load(60);
        Assert.Throws<InvalidOperationException>(() => _decoder.RunBranches(new int[5], [-1, 0, 1, 2, 3]));
    }

    [Fact]
    public void A_known_size_of_tree_allocates_nothing_more()
    {
        Load(_prompt.Length);
        _decoder.RunBranches(_tokens, _parents);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            _decoder.RunBranches(_tokens, _parents);
        }

        _decoder.KeepBranch([0, 1]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * 1024);
    }

    private void Load(int tokens)
    {
        _decoder.Truncate(0);
        if (tokens > 0)
        {
            _decoder.Run([.. Enumerable.Range(0, tokens).Select(i => _prompt[i % _prompt.Length])]);
        }
    }

    private static void Near(float[] expected, ReadOnlySpan<float> actual)
    {
        float largest = expected.Max(MathF.Abs);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(MathF.Abs(expected[i] - actual[i]) / largest, 0, 1e-4f);
        }
    }
}
