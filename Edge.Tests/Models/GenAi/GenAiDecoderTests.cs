using System.Text.Json.Nodes;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Models.RandomModels;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models.GenAi;

/// <summary>Ready-made folders run without conversion, and answer as the same model does that Edge converted.</summary>
public sealed class GenAiDecoderTests : IDisposable
{
    private static readonly int[] _tokens = [256, 17, 65, 66, 3, 99, 200, 42, 42, 7, 128, 250];

    private readonly TemporaryFolder _folder = new();

    public GenAiDecoderTests()
    {
        RandomModel.Write("""
            {"architectures":["LlamaForCausalLM"],"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"intermediate_size":96,
            "vocab_size":320,"max_position_embeddings":600,"torch_dtype":"bfloat16"}
            """, _folder.File("source"), 1, null, Dialect.ChatMl, TestContext.Current.CancellationToken);
        ModelConverter.Convert(new ConvertOptions(_folder.File("source"), _folder.File("model")), null, TestContext.Current.CancellationToken);
        Converted = ModelFolder.Open(_folder.File("model"));
    }

    private ModelFolder Converted { get; }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    public void It_answers_as_the_converted_model_does(bool halves, bool sharesBuffer, bool positions)
    {
        double error = halves ? 3e-2 : 1e-5; // halves have 11 bits, and the products round activations to 8
        using var expected = new OnnxDecoder(Converted);
        using var decoder = Open(halves, sharesBuffer, positions);
        Assert.Equal((320, 600), (decoder.Vocabulary, decoder.ContextLength));
        AssertClose(expected.Run(_tokens), decoder.Run(_tokens), error);
        AssertClose(expected.Run([5]), decoder.Run([5]), error);

        // Forget, go another way, and further than one chunk of prefill.
        expected.Truncate(4);
        decoder.Truncate(4);
        int[] more = [.. Enumerable.Range(0, 500).Select(i => 37 * i % 256)];
        AssertClose(expected.Run(more), decoder.Run(more), error);
        Assert.Equal(504, decoder.Length);
        decoder.Truncate(0);
        expected.Truncate(0);
        AssertClose(expected.Run([7]), decoder.Run([7]), error);
        Assert.Throws<InvalidOperationException>(() => { decoder.Run(new int[600]); });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Trees_are_run_as_well(bool sharesBuffer)
    {
        using var expected = new OnnxDecoder(Converted);
        using var decoder = Open(halves: false, sharesBuffer, positions: true);
        expected.Run(_tokens);
        decoder.Run(_tokens);
        int[] tokens = [10, 11, 12, 13, 14], parents = [-1, 0, 0, 2, -1];
        AssertClose(expected.RunBranches(tokens, parents), decoder.RunBranches(tokens, parents), 1e-3);
        Assert.Equal(_tokens.Length, decoder.Length);
        expected.KeepBranch([0, 2, 3]);
        decoder.KeepBranch([0, 2, 3]);
        Assert.Equal(expected.Length, decoder.Length);
        AssertClose(expected.Run([5]), decoder.Run([5]), 1e-3);
        Assert.Throws<ArgumentException>(() => decoder.KeepBranch([0]));
    }

    [Fact]
    public void A_folder_tells_what_it_is()
    {
        ReadyMadeFolder.Write(Converted, _folder.File("ready"));
        var model = ModelFolder.Open(_folder.File("ready"));
        Assert.Equal(("llama", 4, 32, 600, "chatml"), (model.Manifest.Architecture, model.Manifest.Bits, model.Manifest.Block, model.Manifest.ContextLength, model.Dialect.Name));
        Assert.Equal([257], model.Config.EosTokenIds);
        Assert.Contains("model.onnx.data", model.Manifest.Files.Select(f => f.File));
        Assert.Contains("has no manifest.json to compare with", Assert.Throws<ModelException>(() => model.Verify(TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Taken_over_it_has_hashes_and_runs()
    {
        ReadyMadeFolder.Write(Converted, _folder.File("ready"));
        ModelCopy.Run(_folder.File("ready"), _folder.File("models/mine"), overwrite: false, "MIT", TestContext.Current.CancellationToken);
        var model = ModelFolder.Open(_folder.File("models/mine"));
        model.Verify(TestContext.Current.CancellationToken);
        Assert.Equal(("MIT", "chatml"), (model.Manifest.Licence, model.Manifest.Dialect));
        using var decoder = new GenAiDecoder(model);
        Assert.Equal(320, decoder.Run(_tokens).Length);
        File.AppendAllText(Path.Combine(model.FullName, "model.onnx.data"), "x");
        Assert.Contains("bytes instead of", Assert.Throws<ModelException>(() => ModelFolder.Open(model.FullName)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("filename", "\"../model.onnx\"", "use the name of a file in the same folder")]
    [InlineData("filename", "\"none.onnx\"", "cannot be read")]
    [InlineData("filename", "\"tokenizer.json\"", "is not an ONNX graph")]
    [InlineData("num_hidden_layers", "3", "has no past_key_values.2.key")]
    [InlineData("num_hidden_layers", "1", "has an input past_key_values.1.key that genai_config.json does not explain")]
    [InlineData("num_hidden_layers", "99999", "use a whole number from 1 to 512")]
    [InlineData("num_key_value_heads", "4", "has 2 heads, but genai_config.json says 4")]
    [InlineData("head_size", "32", "the last 32")]
    [InlineData("hidden_size", "\"a\"", "use a whole number")]
    [InlineData("pipeline", "[]", "more parts than a decoder")]
    [InlineData("inputs", "{\"past_key_names\":\"past\"}", "it needs one %d")]
    [InlineData("inputs", "{\"attention_mask\":\"mask\"}", "has no mask")]
    [InlineData("outputs", "[]", "use an object")]
    public void A_config_that_is_wrong_is_one_line(string key, string value, string said)
    {
        ReadyMadeFolder.Write(Converted, _folder.File("ready"), change: c => c["model"]!["decoder"]![key] = JsonNode.Parse(value));
        var fault = Assert.Throws<ModelException>(() => new GenAiDecoder(ModelFolder.Open(_folder.File("ready"))));
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("{}", "no \"model\"")]
    [InlineData("{\"model\":{}}", "no \"model.decoder\"")]
    [InlineData("{\"model\":{\"decoder\":{},\"vocab_size\":-1}}", "vocab_size is -1")]
    public void A_config_that_is_broken_is_one_line(string text, string said)
    {
        ReadyMadeFolder.Write(Converted, _folder.File("ready"));
        File.WriteAllText(_folder.File("ready/genai_config.json"), text);
        Assert.Contains(said, Assert.Throws<ModelException>(() => ModelFolder.Open(_folder.File("ready"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_outside_the_folder_are_refused()
    {
        ReadyMadeFolder.Write(Converted, _folder.File("ready"));
        var graph = Runtime.Models.Onnx.Model.Parser.ParseFrom(File.ReadAllBytes(_folder.File("ready/model.onnx")));
        graph.Graph.Initializer.First(t => t.DataLocation == 1).ExternalData.First(e => e.Key == "location").Value = "../source/model.safetensors";
        File.WriteAllBytes(_folder.File("ready/model.onnx"), Google.Protobuf.MessageExtensions.ToByteArray(graph));
        Assert.Contains("must lie in a file in the same folder", Assert.Throws<ModelException>(() => ModelFolder.Open(_folder.File("ready"))).Message, StringComparison.Ordinal);
    }

    private GenAiDecoder Open(bool halves, bool sharesBuffer, bool positions)
    {
        ReadyMadeFolder.Write(Converted, _folder.File("ready"), halves, sharesBuffer, positions);
        return new GenAiDecoder(ModelFolder.Open(_folder.File("ready")));
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double error)
    {
        float largest = 0, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = MathF.Max(largest, MathF.Abs(expected[i]));
            difference = MathF.Max(difference, MathF.Abs(expected[i] - actual[i]));
        }

        Assert.InRange(difference / largest, 0, error);
    }
}
