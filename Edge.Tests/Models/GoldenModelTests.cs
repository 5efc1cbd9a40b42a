using System.Numerics.Tensors;
using Edge.Runtime.Models;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

/// <summary>The shipped model's weights, converted here, against an independent float implementation's logits and answers.</summary>
public sealed class GoldenModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-golden-").FullName;

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Unquantized_weights_reproduce_the_float_logits(int bits)
    {
        using var session = Open(bits);
        foreach (var row in GoldenRows.Read())
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
        using var session = Open(4);
        var rows = GoldenRows.Read();
        int agreeing = rows.Count(row => Answer(session, row.PromptIds, row.Int4.Ids.Length + 8).SequenceEqual(row.Int4.Ids));
        Assert.True(agreeing >= 0.95 * rows.Count, $"{agreeing} of {rows.Count} answers agree.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{agreeing} of {rows.Count} answers agree.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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

    private SharedCacheSession Open(int bits)
    {
        string output = Path.Combine(_folder, "model");
        ModelConverter.Convert(new ConvertOptions(SharedFolder.FindOrSkip(GoldenRows.Model), output) { Bits = bits }, null, TestContext.Current.CancellationToken);
        var model = ModelFolder.Open(output);
        return new SharedCacheSession(model.OnnxPath, model.Config.Layers, model.Config.KvHeads, model.Config.HeadDim, model.Config.ContextLength, model.Config.Vocabulary);
    }
}
