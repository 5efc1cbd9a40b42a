using Edge.Runtime.Models;
using Edge.Runtime.Models.RandomModels;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

/// <summary>Every architecture, small and random, through convert and ONNX Runtime against plain arithmetic.</summary>
public sealed class ArchitectureTests : IDisposable
{
    private const int Context = 48;

    private static readonly int[] _tokens = [1, 17, 259, 260, 3, 99, 200, 42, 42, 7, 128, 250, 5, 6, 77, 78, 79, 80, 12, 13];

    private static readonly Dictionary<string, string> _shapes = new()
    {
        ["llama"] = """ "architectures":["LlamaForCausalLM"],"num_key_value_heads":2,"rms_norm_eps":1e-5 """,
        ["llama, linear"] = """ "architectures":["LlamaForCausalLM"],"rope_theta":100000,"rope_scaling":{"type":"linear","factor":4.0} """,
        ["llama, llama3"] = """ "architectures":["LlamaForCausalLM"],"num_key_value_heads":2,"rope_theta":500000,"tie_word_embeddings":true,"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":24} """,
        ["llama, biases"] = """ "architectures":["LlamaForCausalLM"],"attention_bias":true,"mlp_bias":true """,
        ["mistral"] = """ "architectures":["MistralForCausalLM"],"num_key_value_heads":2,"sliding_window":6 """,
        ["mistral, no window"] = """ "architectures":["MistralForCausalLM"],"num_key_value_heads":1,"head_dim":32,"sliding_window":null """,
        ["qwen2"] = """ "architectures":["Qwen2ForCausalLM"],"num_key_value_heads":2,"rope_theta":1000000,"tie_word_embeddings":true,"use_sliding_window":false,"sliding_window":6,"max_window_layers":1 """,
        ["qwen3"] = """ "architectures":["Qwen3ForCausalLM"],"num_key_value_heads":2,"head_dim":32,"tie_word_embeddings":true """,
        ["gemma3"] = """ "architectures":["Gemma3ForCausalLM"],"num_key_value_heads":1,"head_dim":32,"query_pre_attn_scalar":64,"hidden_activation":"gelu_pytorch_tanh","rope_theta":1000000,"rope_local_base_freq":10000,"sliding_window":6,"layer_types":["sliding_attention","sliding_attention","full_attention"] """,
        ["gemma3, soft limits"] = """ "architectures":["Gemma3ForCausalLM"],"num_key_value_heads":2,"attn_logit_softcapping":2.0,"final_logit_softcapping":3.0,"sliding_window":6,"layer_types":["sliding_attention","full_attention","full_attention"] """,
        ["phi"] = """ "architectures":["PhiForCausalLM"],"hidden_act":"gelu_new","head_dim":32,"partial_rotary_factor":0.5,"layer_norm_eps":1e-5 """,
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Shapes => [.. _shapes.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Float_logits_agree_to_four_digits(string shape)
    {
        Write(shape, seed: 1);
        double[][] expected = new ReferenceDecoder(Source).Logits(_tokens);
        using var session = Convert(o => o with { Bits = 32 });
        Assert.InRange(Largest(expected, session.Run(_tokens, Everywhere)), 0, 1e-4);
        using var stored = Convert(o => o with { Bits = 16 });
        Assert.InRange(Largest(expected, stored.Run(_tokens, Everywhere)), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Prefill_is_decode_step_by_step_up_to_the_full_context(string shape)
    {
        Write(shape, seed: 2);
        int[] tokens = [.. Enumerable.Range(0, Context).Select(i => 3 + (37 * i % 256))];
        using var session = Convert(o => o with { Bits = 32 });
        float[] atOnce = session.Run(tokens, [.. Enumerable.Range(0, Context)]);
        session.Past = 0;
        float[] oneByOne = [.. tokens.SelectMany(t => session.Run([t], 0))];
        Assert.InRange(atOnce.Zip(oneByOne, (a, b) => MathF.Abs(a - b)).Max() / atOnce.Max(MathF.Abs), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Quantized_logits_agree_with_dequantized_weights(string shape)
    {
        Write(shape, seed: 3);
        foreach (var (bits, block, asymmetric) in ((int, int, bool)[])[(4, 32, false), (4, 16, true), (8, 64, false), (8, 32, true)])
        {
            double[][] expected = new ReferenceDecoder(Source, (_, w, columns) => Rounded.InBlocks(w, columns, bits, block, asymmetric)).Logits(_tokens);
            using var session = Convert(o => o with { Bits = bits, Block = block, Asymmetric = asymmetric, AccuracyLevel = 0 });
            Assert.InRange(Largest(expected, session.Run(_tokens, Everywhere)), 0, 1e-2);
        }
    }

    [Fact]
    public void Some_layers_may_have_other_bits()
    {
        Write("qwen2", seed: 4);
        LayerBits[] overrides = [new("*.down", 8), new("layer.0.*", 8), new("layer.0.qkv", 16), new("logits", 32)];
        double[][] expected = new ReferenceDecoder(Source, (name, w, columns) => name switch
        {
            "model.embed_tokens" => w,
            "model.layers.0.self_attn.q_proj" or "model.layers.0.self_attn.k_proj" or "model.layers.0.self_attn.v_proj" => w,
            _ => Rounded.InBlocks(w, columns, name.StartsWith("model.layers.0.", StringComparison.Ordinal) || name.EndsWith("down_proj", StringComparison.Ordinal) ? 8 : 4, 32, false),
        }).Logits(_tokens);
        using var session = Convert(o => o with { AccuracyLevel = 0, Overrides = overrides });
        Assert.InRange(Largest(expected, session.Run(_tokens, Everywhere)), 0, 1e-3);
    }

    [Theory]
    [InlineData("llama", 8)]
    [InlineData("qwen2", 4)]
    [InlineData("gemma3", 8)]
    public void The_lookup_may_be_small_as_well(string shape, int bits)
    {
        Write(shape, seed: 5);
        double[][] expected = new ReferenceDecoder(Source, lookup: (w, columns) => Rounded.InBlocks(w, columns, bits, 32, false)).Logits(_tokens);
        using var session = Convert(o => o with { Bits = 32, Overrides = [new LayerBits("embedding", bits)] });
        Assert.InRange(Largest(expected, session.Run(_tokens, Everywhere)), 0, 1e-4);
    }

    private static long[] Everywhere => [.. Enumerable.Range(0, _tokens.Length)];

    private string Source => _folder.File("source");

    private void Write(string shape, int seed) => RandomModel.Write($$"""
        {"hidden_size":64,"num_hidden_layers":3,"num_attention_heads":4,"intermediate_size":96,"vocab_size":288,"max_position_embeddings":{{Context}},"torch_dtype":"bfloat16",{{_shapes[shape]}}}
        """, Source, seed, null, TestContext.Current.CancellationToken);

    private SharedCacheSession Convert(Func<ConvertOptions, ConvertOptions> with)
    {
        ModelConverter.Convert(with(new ConvertOptions(Source, _folder.File("model")) { Overwrite = true }), null, TestContext.Current.CancellationToken);
        var model = ModelFolder.Open(_folder.File("model"));
        return new SharedCacheSession(model.OnnxPath, model.Config.Layers, model.Config.KvHeads, model.Config.HeadDim, Context, model.Config.Vocabulary);
    }

    /// <summary>The largest difference, as a part of the largest value.</summary>
    private static double Largest(double[][] expected, float[] actual) =>
        expected.SelectMany(r => r).Zip(actual, (e, a) => Math.Abs(e - a)).Max() / expected.Max(r => r.Max(Math.Abs));
}
