using System.Text.Json.Nodes;
using Edge.Runtime.Models;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

public sealed class ModelConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "architectures", """["GPT2LMHeadModel"]""", "GPT2LMHeadModel; Edge converts LlamaForCausalLM" },
        { "architectures", "[]", "no \"architectures\"" },
        { "hidden_size", "0", "hidden_size is 0; use a whole number from 1" },
        { "hidden_size", "1e99", "hidden_size is 1e99" },
        { "hidden_size", "\"512\"", "hidden_size is \"512\"" },
        { "num_hidden_layers", "100000", "num_hidden_layers is 100000" },
        { "num_key_value_heads", "3", "must divide num_attention_heads, 4" },
        { "head_dim", "15", "even" },
        { "vocab_size", "-1", "vocab_size is -1" },
        { "eos_token_id", "288", "eos_token_id is 288; use a token id from 0 to 287" },
        { "bos_token_id", "\"x\"", "bos_token_id" },
        { "hidden_act", "\"gelu\"", "hidden_act is \"gelu\"" },
        { "attention_bias", "7", "attention_bias is 7; use true or false" },
        { "partial_rotary_factor", "0.2", "3 dimensions of a head" },
        { "layer_types", """["full_attention"]""", "use a list of 3 texts" },
        { "layer_types", """["full_attention","chunked_attention","full_attention"]""", "layer_types holds chunked_attention" },
        { "sliding_window", "0", "sliding_window is 0" },
        { "tie_word_embeddings", "1", "tie_word_embeddings is 1; use true or false" },
        { "rope_scaling", """{"type":"linear"}""", "no \"factor\"" },
        { "rope_scaling", """{"rope_type":"yarn"}""", "rotary embedding is scaled by \"yarn\"" },
        { "rope_theta", "-3", "rope_theta is -3" },
        { "quantization_config", "{}", "quantized already" },
        { "max_position_embeddings", "null", "no \"max_position_embeddings\"" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_value_that_cannot_be_used_is_one_line(string name, string value, string said)
    {
        var config = JsonNode.Parse(new RandomLlama().Config())!;
        config[name] = JsonNode.Parse(value);
        if (name == "layer_types")
        {
            config["sliding_window"] = 8;
        }

        Write(config.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        string message = Assert.Throws<ModelException>(() => ModelConfig.Read(_folder.FullName)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{\n\"a\":}", "line 2")]
    [InlineData("7", "Number")]
    [InlineData("""{"architectures":["\ud800"]}""", "not Unicode")]
    public void A_malformed_file_is_one_line(string text, string said)
    {
        Write(text);
        Assert.Contains(said, Assert.Throws<ModelException>(() => ModelConfig.Read(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_config_is_one_line() =>
        Assert.Contains("config.json cannot be read", Assert.Throws<ModelException>(() => ModelConfig.Read(_folder.FullName)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_newer_place_of_the_rotary_base_is_read()
    {
        var config = JsonNode.Parse(new RandomLlama().Config())!;
        config.AsObject().Remove("rope_theta");
        config["rope_parameters"] = JsonNode.Parse("""{"rope_type":"default","rope_theta":500000}""");
        config["eos_token_id"] = JsonNode.Parse("[2,3]");
        Write(config.ToJsonString());
        var read = ModelConfig.Read(_folder.FullName);
        Assert.Equal(500000, read.Rotary.Theta);
        Assert.Equal([2, 3], read.EosTokenIds);
    }

    private void Write(string text) => File.WriteAllText(_folder.File("config.json"), text);
}
