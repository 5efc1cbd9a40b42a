using System.Text.Json.Nodes;
using Edge.Runtime.Models;
using Edge.Runtime.Models.Lora;
using Edge.Runtime.Models.RandomModels;
using Edge.Runtime.Models.Safetensors;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

public sealed class LoraTests : IDisposable
{
    private const string Query = "model.layers.1.self_attn.q_proj", Down = "model.layers.0.mlp.down_proj", Head = "lm_head";
    private static readonly int[] _tokens = [1, 17, 259, 260, 3, 99, 200, 42];

    private readonly TemporaryFolder _folder = new();

    public LoraTests() => RandomModel.Write("""
        {"architectures":["LlamaForCausalLM"],"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":96,"vocab_size":288,
        "max_position_embeddings":32,"torch_dtype":"bfloat16"}
        """, Base, 5, null, TestContext.Current.CancellationToken);

    private string Base => _folder.File("base");

    private string Adapter => _folder.File("adapter");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_merged_weight_is_the_base_plus_the_scaled_product(bool rankStabilized)
    {
        var adapter = WriteAdapter($$"""{"peft_type":"LORA","r":4,"lora_alpha":16,"use_rslora":{{(rankStabilized ? "true" : "false")}},"bias":"none","alpha_pattern":{"down_proj":6},"modules_to_save":["lm_head"]}""");
        using var model = SafetensorsFolder.Open(Base);
        model.Merge(LoraAdapter.Open(Adapter));
        var plain = PlainSafetensors.Read(Path.Combine(Base, "model.safetensors"));
        foreach (var (module, alpha, rank) in ((string, double, int)[])[(Query, 16, 4), (Down, 6, 3)])
        {
            double scale = alpha / (rankStabilized ? Math.Sqrt(rank) : rank);
            var (shape, weights) = plain[module + ".weight"];
            float[] merged = new float[weights.Length];
            model.ReadFloats(model.Find(module + ".weight", shape[0], shape[1]), 0, merged.AsSpan(0, 100));
            model.ReadFloats(model.Find(module + ".weight", shape[0], shape[1]), 100, merged.AsSpan(100));
            for (int i = 0; i < weights.Length; i++)
            {
                Assert.Equal(weights[i] + (scale * Product(adapter, module, i / shape[1], i % shape[1], rank, shape[1])), merged[i], 1e-5);
            }
        }

        float[] head = new float[288 * 64];
        model.ReadFloats(model.Find("lm_head.weight", 288, 64), 0, head);
        Assert.Equal(adapter[$"base_model.model.{Head}.weight"].Values, head);
    }

    [Fact]
    public void A_merged_model_computes_with_the_merged_weights()
    {
        var adapter = WriteAdapter("""{"r":4,"lora_alpha":8}""");
        double[][] expected = new ReferenceDecoder(Base, (name, w, columns) => name switch
        {
            Query => [.. w.Select((v, i) => v + (float)(2.0 * Product(adapter, name, i / columns, i % columns, 4, columns)))],
            Down => [.. w.Select((v, i) => v + (float)(8.0 / 3 * Product(adapter, name, i / columns, i % columns, 3, columns)))],
            Head => adapter[$"base_model.model.{Head}.weight"].Values,
            _ => w,
        }).Logits(_tokens);
        ModelConverter.Convert(new ConvertOptions(Base, _folder.File("model")) { Bits = 32, Lora = Adapter }, null, TestContext.Current.CancellationToken);
        var model = ModelFolder.Open(_folder.File("model"));
        Assert.Contains(model.Manifest.Sources, f => f.File == "adapter_model.safetensors");
        using var session = new SharedCacheSession(model.OnnxPath, 2, 4, 16, 32, 288);
        float[] actual = session.Run(_tokens, [.. Enumerable.Range(0, _tokens.Length)]);
        Assert.InRange(expected.SelectMany(r => r).Zip(actual, (e, a) => Math.Abs(e - a)).Max() / expected.Max(r => r.Max(Math.Abs)), 0, 1e-4);
    }

    [Theory]
    [InlineData("""{"r":4}""", "no \"lora_alpha\"")]
    [InlineData("""{"lora_alpha":8,"use_dora":true}""", "use_dora is true")]
    [InlineData("""{"lora_alpha":8,"bias":"all"}""", "bias is all")]
    [InlineData("""{"lora_alpha":8,"peft_type":"IA3"}""", "peft_type is IA3")]
    public void An_adapter_that_cannot_be_merged_is_one_line(string config, string said)
    {
        WriteAdapter(config);
        Refused(said);
    }

    [Fact]
    public void An_adapter_of_another_model_is_one_line()
    {
        WriteAdapter("""{"lora_alpha":8}""", "model.layers.7.self_attn.q_proj");
        Refused("model.layers.7.self_attn.q_proj.weight, which the model does not have");
        WriteAdapter("""{"lora_alpha":8}""", "model.layers.0.self_attn.k_proj", columns: 32);
        Refused("the adapter is of another model");
    }

    private void Refused(string said)
    {
        string message = Assert.Throws<ModelException>(() =>
            ModelConverter.Convert(new ConvertOptions(Base, _folder.File("model")) { Lora = Adapter }, null, TestContext.Current.CancellationToken)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.False(Directory.Exists(_folder.File("model")));
    }

    private static double Product(Dictionary<string, (int[] Shape, float[] Values)> adapter, string module, int row, int column, int rank, int columns)
    {
        float[] a = adapter[$"base_model.model.{module}.lora_A.weight"].Values, b = adapter[$"base_model.model.{module}.lora_B.weight"].Values;
        return Enumerable.Range(0, rank).Sum(i => (double)b[(row * rank) + i] * a[(i * columns) + column]);
    }

    private Dictionary<string, (int[] Shape, float[] Values)> WriteAdapter(string config, string query = Query, int columns = 64)
    {
        Directory.CreateDirectory(Adapter);
        JsonNode.Parse(config);
        File.WriteAllText(Path.Combine(Adapter, "adapter_config.json"), config);
        var random = new Random(3);
        var model = new RandomLlama { Type = "F32" };
        foreach (var (name, rows, width) in ((string, int, int)[])
            [($"{query}.lora_A", 4, columns), ($"{query}.lora_B", 64, 4), ($"{Down}.lora_A", 3, 96), ($"{Down}.lora_B", 64, 3), (Head, 288, 64)])
        {
            model.Tensors[$"base_model.model.{name}.weight"] = ([rows, width], [.. Enumerable.Range(0, rows * width).Select(_ => (random.NextSingle() - 0.5f) / 4)]);
        }

        File.WriteAllBytes(Path.Combine(Adapter, "adapter_model.safetensors"), model.Safetensors(model.Tensors.Keys));
        return model.Tensors;
    }
}
