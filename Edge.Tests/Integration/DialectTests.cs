using System.IO.Compression;
using System.Text.Json;
using Edge.Runtime.Grammars;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Prompts;
using Edge.Tests.Fakes;
using Edge.Tests.Models;
using Edge.Tests.Models.GenAi;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Every family from a Hugging Face folder to a call: a small model of its layout with random weights, converted and asked.</summary>
public sealed class DialectTests : IDisposable
{
    private const string House = "devices: [{name: kitchen light, room: kitchen, kind: light, line: 17}, {name: lamp, room: hall, kind: dimmer, pwm: 0}]\ngpio: {driver: simulated}\nmodel: {tokensMax: 1000}\n";

    /// <summary>Family → dialect that convert finds out, layout, and the byte or marker that a call begins with.</summary>
    private static readonly Dictionary<string, (string Dialect, string Layout, string Begin)> _families = new()
    {
        ["tinyllama"] = ("zephyr", """ "architectures":["LlamaForCausalLM"],"num_key_value_heads":2 """, "{"),
        ["trelis-tiny"] = ("trelis", """ "architectures":["LlamaForCausalLM"],"rope_scaling":{"factor":4.0,"type":"linear"} """, "{"),
        ["deepseek-coder-1.3b"] = ("deepseek", """ "architectures":["LlamaForCausalLM"],"rope_scaling":{"factor":4.0,"type":"linear"} """, "{"),
        ["phi-2"] = ("phi", """ "architectures":["PhiForCausalLM"],"hidden_act":"gelu_new","head_dim":32,"partial_rotary_factor":0.5 """, "{"),
        ["openchat-3.5"] = ("openchat", """ "architectures":["MistralForCausalLM"],"num_key_value_heads":2,"sliding_window":300 """, "{"),
        ["llama-3.2-1b"] = ("llama-json", """ "architectures":["LlamaForCausalLM"],"num_key_value_heads":2,"tie_word_embeddings":true,"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":512} """, "{"),
        ["llama-3.2-1b, pythonic"] = ("llama-pythonic", """ "architectures":["LlamaForCausalLM"],"num_key_value_heads":2,"tie_word_embeddings":true """, "["),
        ["qwen2.5-0.5b"] = ("chatml", """ "architectures":["Qwen2ForCausalLM"],"num_key_value_heads":2,"tie_word_embeddings":true """, "<"),
        ["qwen3-0.6b"] = ("chatml", """ "architectures":["Qwen3ForCausalLM"],"num_key_value_heads":2,"head_dim":32,"tie_word_embeddings":true """, "<"),
        ["smollm2"] = ("chatml", """ "architectures":["LlamaForCausalLM"],"num_key_value_heads":2,"tie_word_embeddings":true """, "<"),
        ["functiongemma"] = ("functiongemma", """ "architectures":["Gemma3ForCausalLM"],"num_key_value_heads":1,"head_dim":32,"sliding_window":64,"sliding_window_pattern":2 """, "<start_function_call>"),
        ["gemma-3-270m"] = ("gemma", """ "architectures":["Gemma3ForCausalLM"],"num_key_value_heads":1,"head_dim":32,"sliding_window":64,"sliding_window_pattern":2 """, "{"),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Families => [.. _families.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Ask_makes_a_call_with_a_converted_model_of_every_family(string family)
    {
        Convert(family);
        string settings = await EdgeProcess.WriteAsync(House, Token);
        var (exitCode, output, errors) = await EdgeProcess.DoAsync(Token, "ask", "turn on the kitchen light", "--json", "--config", settings, "--model", _folder.File("model"));
        Assert.True(output.Length > 0, errors);
        using var reply = JsonDocument.Parse(output);
        Assert.Equal("ok", reply.RootElement.GetProperty("status").GetString());
        var call = reply.RootElement.GetProperty("calls")[0];
        Assert.Contains(call.GetProperty("name").GetString(), (string[])["turn_on", "turn_off", "set_level", "set_brightness", "toggle", "get_state", "read_state", "is_on", "state"]);
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_family_answers_with_calls_that_bind_and_keeps_its_catalogue_in_the_cache(string family)
    {
        Convert(family);
        var folder = ModelFolder.Open(_folder.File("model"));
        Assert.Equal(_families[family].Dialect, folder.Dialect.Name);
        AssertCalls(folder);
    }

    [Fact]
    public void A_ready_made_folder_answers_with_calls_as_well()
    {
        Convert("qwen2.5-0.5b");
        ReadyMadeFolder.Write(ModelFolder.Open(_folder.File("model")), _folder.File("ready"));
        AssertCalls(ModelFolder.Open(_folder.File("ready")));
    }

    /// <summary>The real vocabularies, where they are at hand: each with a small model of its family.</summary>
    [Theory]
    [InlineData("gemma3", "gemma", 262144)]
    [InlineData("llama3", "llama-json", 128256)]
    [InlineData("qwen3", "chatml", 151936)]
    [InlineData("phi-2", "phi", 51200)]
    [InlineData("llama2", "zephyr", 32000)]
    public void With_its_real_vocabulary_a_family_answers_with_calls(string vocabulary, string dialect, int size)
    {
        string layout = dialect == "phi" ? """ "architectures":["PhiForCausalLM"],"hidden_act":"gelu_new","partial_rotary_factor":0.5 """ : """ "architectures":["LlamaForCausalLM"],"tie_word_embeddings":true """;
        Runtime.Models.RandomModels.RandomModel.Write($$"""
            {"hidden_size":32,"num_hidden_layers":1,"num_attention_heads":1,"intermediate_size":32,"vocab_size":{{size}},"max_position_embeddings":4096,{{layout}}}
            """, _folder.File("source"), 1, Unpacked(vocabulary), Token);
        if (SharedFolder.Find($"tokenizers/{vocabulary}.tokenizer_config.json") is { } config)
        {
            File.WriteAllBytes(_folder.File("source/tokenizer_config.json"), File.ReadAllBytes(config));
        }

        ModelConverter.Convert(new ConvertOptions(_folder.File("source"), _folder.File("model")), null, Token);
        var folder = ModelFolder.Open(_folder.File("model"));
        Assert.Equal(dialect, folder.Dialect.Name);
        AssertCalls(folder);
    }

    private string Unpacked(string vocabulary)
    {
        string path = _folder.File("tokenizer.json");
        if (SharedFolder.Find($"tokenizers/{vocabulary}.tokenizer.json") is { } plain)
        {
            File.WriteAllBytes(path, File.ReadAllBytes(plain));
            return path;
        }

        using var packed = new GZipStream(File.OpenRead(SharedFolder.FindOrSkip($"tokenizers/{vocabulary}.tokenizer.json.gz")), CompressionMode.Decompress);
        using var file = File.Create(path);
        packed.CopyTo(file);
        return path;
    }

    private static void AssertCalls(ModelFolder folder)
    {
        var template = ChatTemplates.Of(folder);
        using var model = LanguageModel.Open(folder, new DecoderOptions { Threads = 1 }, TimeProvider.System);
        var matcher = model.Matcher(SampleFunctions.Some, new GrammarOptions { AllowWords = false, EnumIgnoreCase = true, CallsMax = 2, StringTokensMax = 8 });
        string[] texts = ["Turn on the kitchen light", "How warm is the bedroom?"];
        int cached = 0;
        foreach (string text in texts)
        {
            var prompt = template.Build(SampleFunctions.Some, [new Turn.User(text)]);
            var answer = model.Answers.Decode(prompt.Ids, matcher, new DecodeLimits(), Token);
            Assert.Equal(StopReason.End, answer.Stop);
            var said = model.Syntax.Read(answer.Tokens, SampleFunctions.Some);
            Assert.True(said.IsWellFormed);
            Assert.NotEmpty(said.Calls);
            Assert.All(said.Calls, call =>
            {
                var function = SampleFunctions.Some.Single(f => f.Name == call.Name);
                Assert.True(Json.Schema.JsonSchema.FromText(function.Parameters.GetRawText()).Evaluate(call.Arguments).IsValid, call.Arguments.GetRawText());
            });
            cached = answer.CachedTokens;
            Assert.InRange(prompt.Prefix, prompt.Ids.Length - 60, prompt.Ids.Length);
        }

        // The second command pays for its own words only.
        Assert.True(cached > 200, $"{cached} tokens came from the cache.");
    }

    private void Convert(string family)
    {
        var (dialect, layout, begin) = _families[family];
        string config = $$"""
            {"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":96,"vocab_size":800,"max_position_embeddings":8192,"torch_dtype":"float32",{{layout}}}
            """;
        EagerModel.Write(config, _folder.File("source"), Dialect.Find(dialect)!, begin.Length == 1 ? begin[0] : 256 + Dialect.Find(dialect)!.Markers.ToList().IndexOf(begin), Token);
        ModelConverter.Convert(new ConvertOptions(_folder.File("source"), _folder.File("model")) { Bits = 8 }, null, Token);
    }
}
