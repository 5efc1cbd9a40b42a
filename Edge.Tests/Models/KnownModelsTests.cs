using System.Globalization;
using Edge.Runtime.Models;
using Edge.Runtime.Models.RandomModels;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

public sealed class KnownModelsTests
{
    private static readonly Dictionary<string, string> _architectures = new()
    {
        ["LlamaForCausalLM"] = "Llama",
        ["MistralForCausalLM"] = "Mistral",
        ["Qwen2ForCausalLM"] = "Qwen 2",
        ["Qwen3ForCausalLM"] = "Qwen 3",
        ["Gemma3ForCausalLM"] = "Gemma 3",
        ["PhiForCausalLM"] = "Phi",
    };

    public static TheoryData<string> Names => [.. KnownModels.All.Select(m => m.Name)];

    [Fact]
    public void README_s_table_is_what_the_program_knows()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(Repository.Root, "README.md")).SkipWhile(l => !l.StartsWith("| name | architecture | 4 bits |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'))];
        var expected = KnownModels.All.Select(m => string.Create(
            CultureInfo.InvariantCulture, $"| {m.Name} | {Architecture(m.Shape)} | {m.Bytes / 1e9:0.00} GB | {m.Template} | {m.Licence} | {m.Repository} |"));
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void README_s_dialects_are_the_program_s()
    {
        string[] lines = [.. File.ReadLines(Path.Combine(Repository.Root, "Edge.Runtime", "Prompts", "README.md")).SkipWhile(l => !l.StartsWith("| dialect |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'))];
        Assert.Equal(Dialect.All.Select(d => d.Name), lines.Select(l => l.Split('|')[1].Trim()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_dialect_exists_and_its_size_is_that_of_the_folder(string name)
    {
        var known = KnownModels.Find(name)!;
        Assert.NotNull(Dialect.Find(known.Template));

        // One layer and few positions of the true shape, as far as a test can write it.
        string config = System.Text.Json.Nodes.JsonNode.Parse(known.Config) is System.Text.Json.Nodes.JsonObject json ? Small(json) : "";
        using var folder = new TemporaryFolder();
        RandomModel.Write(config, folder.File("source"), 1, null, Dialect.Find(known.Template), TestContext.Current.CancellationToken);
        var manifest = ModelConverter.Convert(new ConvertOptions(folder.File("source"), folder.File("model")), null, TestContext.Current.CancellationToken);
        long weights = manifest.Files.Single(f => f.File == "model.onnx.data").Bytes;
        long computed = ConvertedSize.At4Bits(ModelConfig.Read(folder.File("source")));
        Assert.InRange(weights - computed, -0.001 * weights, 0.02 * weights);
        Assert.Equal(known.Template, manifest.Dialect);
    }

    private static string Small(System.Text.Json.Nodes.JsonObject config)
    {
        config["num_hidden_layers"] = 1;
        config["vocab_size"] = 1024;
        config["max_position_embeddings"] = 128;
        config["intermediate_size"] = 256;
        config.Remove("bos_token_id");
        config.Remove("eos_token_id");
        return config.ToJsonString();
    }

    private static string Architecture(ModelConfig config) => _architectures[config.Architecture]
        + (config.Rotary.LinearFactor > 1 ? ", linear rope" : config.Rotary.Llama3 is not null ? ", Llama 3 rope" : "");
}
