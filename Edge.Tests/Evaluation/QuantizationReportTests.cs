using Edge.Runtime.Evaluation;
using Edge.Runtime.Models.RandomModels;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Evaluation;

public sealed class QuantizationReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fewer_bits_are_smaller_and_further_from_sixteen()
    {
        RandomModel.Write("""
            {"architectures":["LlamaForCausalLM"],"hidden_size":128,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":256,"vocab_size":288,"max_position_embeddings":64}
            """, _folder.File("source"), 1, null, TestContext.Current.CancellationToken);
        var rows = new QuantizationReport(_folder.File("source"), "light on in the kitchen", null, TimeProvider.System)
            .Rows(_folder.FullName, TestContext.Current.CancellationToken).ToDictionary(r => r.Name);
        Assert.Equal((0, 1, null), (rows["--bits 16"].LogitError, rows["--bits 16"].SameToken, rows["--bits 16"].Accuracy));
        Assert.InRange(rows["--bits 8"].LogitError, 1e-4, 0.05);
        Assert.InRange(rows["--bits 4 --block 32"].LogitError, 2 * rows["--bits 8"].LogitError, 0.5);
        Assert.True(rows["--bits 4 --block 128"].LogitError > rows["--bits 4 --block 16"].LogitError);
        Assert.True(rows["--bits 4 --block 128"].Bytes < rows["--bits 4 --block 32"].Bytes && rows["--bits 4 --block 32"].Bytes < rows["--bits 8"].Bytes);
        Assert.All(rows.Values, r => Assert.True(r.TokensPerSecond > 0));
    }
}
