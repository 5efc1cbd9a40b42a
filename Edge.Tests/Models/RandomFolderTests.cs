using Edge.Runtime.Models;
using Edge.Runtime.Models.RandomModels;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

public sealed class RandomFolderTests : IDisposable
{
    private const string Small = """
        {"architectures":["LlamaForCausalLM"],"hidden_size":64,"num_hidden_layers":1,"num_attention_heads":4,"intermediate_size":96,"vocab_size":288,"max_position_embeddings":32}
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Known => [.. KnownModels.All.Select(m => m.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Known))]
    public void Every_known_model_has_a_config_that_convert_takes(string name)
    {
        File.WriteAllText(_folder.File("config.json"), KnownModels.Find(name)!.Config);
        var config = ModelConfig.Read(_folder.FullName);
        Assert.True(DecoderTensors.Of(config).Sum(t => t.Elements) > 200_000_000);
    }

    [Fact]
    public void True_shapes_have_the_true_number_of_parameters()
    {
        foreach (var (name, parameters) in ((string, long)[])
            [("tinyllama", 1_100_048_384), ("phi-2", 2_779_683_840), ("openchat-3.5", 7_241_748_480), ("llama-3.2-1b", 1_235_814_400), ("qwen2.5-0.5b", 494_032_768), ("qwen3-0.6b", 596_049_920), ("gemma-3-270m", 268_098_176)])
        {
            File.WriteAllText(_folder.File("config.json"), KnownModels.Find(name)!.Config);
            Assert.Equal((name, parameters), (name, DecoderTensors.Of(ModelConfig.Read(_folder.FullName)).Sum(t => t.Elements)));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        string[] files = [.. new[] { 7, 7, 8 }.Select((seed, i) =>
        {
            RandomModel.Write(Small, _folder.File($"m{i}"), seed, null, TestContext.Current.CancellationToken);
            return FileDigest.Of(Path.Combine(_folder.File($"m{i}"), "model.safetensors"), TestContext.Current.CancellationToken).Sha256;
        })];
        Assert.Equal(files[0], files[1]);
        Assert.NotEqual(files[0], files[2]);
    }

    [Fact]
    public void A_copy_is_verified_before_it_appears()
    {
        RandomModel.Write(Small, _folder.File("source"), 1, null, TestContext.Current.CancellationToken);
        ModelConverter.Convert(new ConvertOptions(_folder.File("source"), _folder.File("model")), null, TestContext.Current.CancellationToken);
        ModelCopy.Run(_folder.File("model"), _folder.File("models/copy"), overwrite: false, cancellationToken: TestContext.Current.CancellationToken);
        var installed = Assert.Single(InstalledModels.In(_folder.File("models")));
        Assert.Equal(("copy", null), (installed.Name, installed.Fault));
        Assert.True(installed.MemoryBytes(32) > installed.FileBytes);
        using (var file = File.OpenWrite(Path.Combine(_folder.File("model"), "model.onnx.data")))
        {
            file.WriteByte(0x55);
        }

        Assert.Throws<ModelException>(() => ModelCopy.Run(_folder.File("model"), _folder.File("models/other"), overwrite: false, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetDirectories(_folder.File("models")));
    }
}
