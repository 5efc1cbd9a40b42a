using System.Numerics.Tensors;
using Edge.Runtime.Models;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

/// <summary>The shipped model, and its weights converted unquantized, against an independent float implementation's logits and answers.</summary>
public sealed class GoldenModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(16, 3)]
    [InlineData(32, int.MaxValue)]
    public void Unquantized_weights_reproduce_the_float_logits(int bits, int rowsMax)
    {
        using var session = Open(Convert(bits));
        foreach (var row in GoldenRows.Read().Take(rowsMax))
        {
            session.Past = 0;
            float[] logits = session.Run(row.PromptIds, row.PromptIds.Length - 1);
            for (int i = 0; i < row.Float.TopIds.Length; i++)
            {
                Assert.Equal(row.Float.TopLogits[i], logits[row.Float.TopIds[i]], 1e-3f * MathF.Abs(row.Float.TopLogits[i]));
            }
        }
    }

    [Fact]
    public void Four_bit_answers_agree_with_the_reference()
    {
        using var session = Open(ModelFolder.Open(ShippedModelTests.Folder));
        var rows = GoldenRows.Read();
        int agreeing = rows.Count(row => Answer(session, row.PromptIds, row.Int4.Ids.Length + 8).SequenceEqual(row.Int4.Ids));
        Assert.True(agreeing >= 0.95 * rows.Count, $"{agreeing} of {rows.Count} answers agree.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{agreeing} of {rows.Count} answers agree.");
    }

    public void Dispose() => _folder.Dispose();

    private static List<int> Answer(SharedCacheSession session, int[] prompt, int tokensMax)
    {
        const int end = 9;
        session.Past = 0;
        float[] logits = session.Run(prompt, prompt.Length - 1);
        List<int> answer = [];
        while (answer.Count < tokensMax)
        {
            int next = TensorPrimitives.IndexOfMax(logits);
            answer.Add(next);
            if (next == end)
            {
                break;
            }

            logits = session.Run([next], 0);
        }

        return answer;
    }

    private ModelFolder Convert(int bits)
    {
        string output = _folder.File("model");
        ModelConverter.Convert(new ConvertOptions(SharedFolder.FindOrSkip(GoldenRows.Model), output) { Bits = bits }, null, TestContext.Current.CancellationToken);
        return ModelFolder.Open(output);
    }

    private static SharedCacheSession Open(ModelFolder model) =>
        new(model.OnnxPath, model.Config.Layers, model.Config.KvHeads, model.Config.HeadDim, model.Config.ContextLength, model.Config.Vocabulary);
}
