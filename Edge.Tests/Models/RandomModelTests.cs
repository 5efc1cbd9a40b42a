using Edge.Runtime.Models;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

/// <summary>Convert and ONNX Runtime against plain arithmetic on small random models of the true layout.</summary>
public sealed class RandomModelTests : IDisposable
{
    private static readonly int[] _tokens = [1, 17, 259, 260, 3, 99, 200, 42, 42, 7, 128, 250];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Shapes => [.. _models.Keys];

    private static readonly Dictionary<string, Func<RandomLlama>> _models = new()
    {
        ["tied F16"] = () => new RandomLlama { Type = "F16" },
        ["untied BF16 in shards"] = () => new RandomLlama { Type = "BF16", Tied = false },
        ["F32, wide heads"] = () => new RandomLlama { HeadDim = 32, KvHeads = 1, Tied = false },
        ["F32, rows that end within a block"] = () => new RandomLlama { Hidden = 80, Intermediate = 104, Heads = 5, KvHeads = 5, Layers = 2 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Float_logits_agree_to_four_digits(string shape)
    {
        var model = _models[shape]().Fill(1);
        double[][] expected = ReferenceLlama.Exact(model).Logits(_tokens);
        using var session = Convert(model, 32);
        Assert.InRange(RelativeError(expected, session.Run(_tokens, Everywhere)), 0, 1e-4);
    }

    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Sixteen_bits_lose_nothing_of_weights_that_have_sixteen(string type)
    {
        var model = new RandomLlama { Type = type }.Fill(2);
        double[][] expected = ReferenceLlama.Exact(model).Logits(_tokens);
        using var session = Convert(model, 16);
        Assert.InRange(RelativeError(expected, session.Run(_tokens, Everywhere)), 0, 1e-4);
    }

    [Theory]
    [InlineData("tied F16", 4, 32)]
    [InlineData("tied F16", 8, 32)]
    [InlineData("F32, wide heads", 4, 16)]
    [InlineData("F32, wide heads", 4, 64)]
    [InlineData("untied BF16 in shards", 4, 128)]
    [InlineData("F32, rows that end within a block", 4, 32)]
    [InlineData("F32, rows that end within a block", 8, 32)]
    public void Quantized_logits_agree_with_dequantized_weights(string shape, int bits, int block)
    {
        var model = _models[shape]().Fill(3);
        double[][] expected = ReferenceLlama.With(model, (w, columns) => RoundInBlocks(w, columns, bits, block)).Logits(_tokens);
        using (var exact = Convert(model, bits, block, accuracyLevel: 0))
        {
            Assert.InRange(RelativeError(expected, exact.Run(_tokens, Everywhere)), 0, 1e-3);
        }

        // The fast kernel, which the product uses, rounds activations to 8 bits as well; narrow random layers feel that most.
        using var fast = Convert(model, bits, block);
        Assert.InRange(MeanRelativeError(expected, fast.Run(_tokens, Everywhere)), 0, 3e-2);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Scales_of_16_and_of_32_bits_give_the_same_logits_to_the_last_bit(int bits)
    {
        var model = new RandomLlama { Type = "F16" }.Fill(6);
        float[] floats, halves;
        using (var session = Convert(model, bits))
        {
            floats = session.Run(_tokens, Everywhere);
        }

        long bytes = new FileInfo(_folder.File("model/model.onnx.data")).Length;
        using (var session = Convert(model, bits, scaleBits: 16))
        {
            halves = session.Run(_tokens, Everywhere);
        }

        Assert.True(new FileInfo(_folder.File("model/model.onnx.data")).Length < bytes);
        Assert.Equal(floats, halves);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    public void Prefill_is_decode_step_by_step_up_to_the_full_context(int bits)
    {
        var model = new RandomLlama { ContextLength = 32 }.Fill(4);
        int[] tokens = [.. Enumerable.Range(0, model.ContextLength).Select(i => 3 + (37 * i % 256))];
        using var session = Convert(model, bits);
        float[] atOnce = session.Run(tokens, [.. Enumerable.Range(0, tokens.Length)]);
        session.Past = 0;
        float[] oneByOne = [.. tokens.SelectMany(t => session.Run([t], 0))];
        Assert.InRange(RelativeError(atOnce, oneByOne), 0, bits == 32 ? 1e-5 : 3e-2);

        // In two pieces, behind a cache that holds other tokens' keys further on.
        session.Past = 0;
        session.Run(tokens.AsSpan(0, 11), 10);
        float[] rest = session.Run(tokens.AsSpan(11), tokens.Length - 12);
        Assert.InRange(RelativeError(atOnce.AsSpan((tokens.Length - 1) * model.Vocabulary).ToArray(), rest), 0, bits == 32 ? 1e-5 : 3e-2);
    }

    [Fact]
    public void Logits_come_for_the_wanted_rows_in_the_wanted_order()
    {
        var model = new RandomLlama().Fill(5);
        using var session = Convert(model, 32);
        float[] all = session.Run(_tokens, Everywhere);
        session.Past = 0;
        float[] wanted = session.Run(_tokens, 7, 2);
        float[] expected = [.. all.AsSpan(7 * model.Vocabulary, model.Vocabulary), .. all.AsSpan(2 * model.Vocabulary, model.Vocabulary)];
        Assert.InRange(RelativeError(expected, wanted), 0, 1e-5);
    }

    private static long[] Everywhere => [.. Enumerable.Range(0, _tokens.Length)];

    private SharedCacheSession Convert(RandomLlama model, int bits, int block = 32, int accuracyLevel = 4, int scaleBits = 32)
    {
        string source = _folder.File("source");
        model.Write(source, shards: model.Type == "BF16" ? 3 : 1);
        ModelConverter.Convert(new ConvertOptions(source, _folder.File("model")) { Bits = bits, Block = block, AccuracyLevel = accuracyLevel, ScaleBits = scaleBits, Overwrite = true }, null, TestContext.Current.CancellationToken);
        return new SharedCacheSession(ModelFolder.Open(_folder.File("model")).OnnxPath, model.Layers, model.KvHeads, model.HeadDim, model.ContextLength, model.Vocabulary);
    }

    /// <summary>The rule in edge-38m's README, written again from its text.</summary>
    private static float[] RoundInBlocks(float[] weights, int columns, int bits, int block)
    {
        float[] rounded = new float[weights.Length];
        float lowest = -MathF.Pow(2, bits - 1);
        for (int row = 0; row < weights.Length; row += columns)
        {
            for (int start = 0; start < columns; start += block)
            {
                var part = weights.AsSpan(row + start, Math.Min(block, columns - start));
                float scale = (float)(Half)(part.ToArray().MaxBy(MathF.Abs) / lowest);
                for (int i = 0; i < part.Length; i++)
                {
                    rounded[row + start + i] = scale * Math.Clamp(MathF.Round(part[i] / scale), lowest, -lowest - 1);
                }
            }
        }

        return rounded;
    }

    private static double RelativeError(double[][] expected, float[] actual) => RelativeError([.. expected.SelectMany(r => r).Select(v => (float)v)], actual);

    /// <summary>Root mean square of the differences, as a part of that of the values.</summary>
    private static double MeanRelativeError(double[][] expected, float[] actual) =>
        Math.Sqrt(expected.SelectMany(r => r).Zip(actual, (e, a) => (e - a) * (e - a)).Sum() / expected.Sum(r => r.Sum(v => v * v)));

    /// <summary>The largest difference, as a part of the largest value.</summary>
    private static double RelativeError(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) => MathF.Abs(e - a)).Max() / expected.Max(MathF.Abs);
    }
}
