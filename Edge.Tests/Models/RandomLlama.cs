using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Edge.Tests.Tokens;

namespace Edge.Tests.Models;

/// <summary>A Llama of the true layout in small size, with random weights, as a Hugging Face folder and as arrays.</summary>
internal sealed class RandomLlama
{
    public int Hidden { get; init; } = 64;

    public int Layers { get; init; } = 3;

    public int Heads { get; init; } = 4;

    public int KvHeads { get; init; } = 2;

    public int HeadDim { get; init; } = 16;

    public int Intermediate { get; init; } = 96;

    public int Vocabulary { get; init; } = 288;

    public int ContextLength { get; init; } = 64;

    public bool Tied { get; init; } = true;

    /// <summary>F16, BF16 or F32; the weights are rounded to it.</summary>
    public string Type { get; init; } = "F32";

    /// <summary>By name, row-major; made by <see cref="Fill"/>.</summary>
    public Dictionary<string, (int[] Shape, float[] Values)> Tensors { get; } = [];

    public RandomLlama Fill(int seed)
    {
        var random = new Random(seed);
        Add(random, "model.embed_tokens.weight", 1, Vocabulary, Hidden);
        for (int layer = 0; layer < Layers; layer++)
        {
            string p = $"model.layers.{layer}.";
            Add(random, p + "input_layernorm.weight", 0, Hidden);
            Add(random, p + "self_attn.q_proj.weight", Spread(Hidden), Heads * HeadDim, Hidden);
            Add(random, p + "self_attn.k_proj.weight", Spread(Hidden), KvHeads * HeadDim, Hidden);
            Add(random, p + "self_attn.v_proj.weight", Spread(Hidden), KvHeads * HeadDim, Hidden);
            Add(random, p + "self_attn.o_proj.weight", Spread(Heads * HeadDim), Hidden, Heads * HeadDim);
            Add(random, p + "post_attention_layernorm.weight", 0, Hidden);
            Add(random, p + "mlp.gate_proj.weight", Spread(Hidden), Intermediate, Hidden);
            Add(random, p + "mlp.up_proj.weight", Spread(Hidden), Intermediate, Hidden);
            Add(random, p + "mlp.down_proj.weight", Spread(Intermediate), Hidden, Intermediate);
        }

        Add(random, "model.norm.weight", 0, Hidden);
        if (!Tied)
        {
            Add(random, "lm_head.weight", Spread(Hidden), Vocabulary, Hidden);
        }

        return this;
    }

    /// <summary>Writes config, tokenizer and weights, the latter into <paramref name="shards"/> files.</summary>
    public void Write(string folder, int shards = 1)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config());
        SmallSentencePiece.Write(SmallSentencePiece.Create("a", "b"), Path.Combine(folder, "tokenizer.model"));
        if (shards == 1)
        {
            File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), Safetensors(Tensors.Keys));
            return;
        }

        var map = new StringBuilder();
        foreach (var (shard, names) in Tensors.Keys.Index().GroupBy(t => t.Index % shards, t => t.Item).Select(g => (g.Key, g.ToList())))
        {
            string file = $"model-{shard + 1:D5}-of-{shards:D5}.safetensors";
            File.WriteAllBytes(Path.Combine(folder, file), Safetensors(names));
            names.ForEach(n => map.Append(CultureInfo.InvariantCulture, $"{(map.Length > 0 ? "," : "")}\"{n}\":\"{file}\""));
        }

        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), $$$"""{"metadata":{},"weight_map":{{{{map}}}}}""");
    }

    public string Config() => $$"""
        {"architectures":["LlamaForCausalLM"],"hidden_size":{{Hidden}},"num_hidden_layers":{{Layers}},"num_attention_heads":{{Heads}},
        "num_key_value_heads":{{KvHeads}},"head_dim":{{HeadDim}},"intermediate_size":{{Intermediate}},"vocab_size":{{Vocabulary}},
        "max_position_embeddings":{{ContextLength}},"rms_norm_eps":1e-5,"rope_theta":10000.0,"hidden_act":"silu",
        "tie_word_embeddings":{{(Tied ? "true" : "false")}},"bos_token_id":1,"eos_token_id":2}
        """;

    /// <summary>A safetensors file of some of the tensors.</summary>
    public byte[] Safetensors(IEnumerable<string> names)
    {
        var header = new StringBuilder("{");
        using var data = new MemoryStream();
        foreach (string name in names)
        {
            var (shape, values) = Tensors[name];
            long begin = data.Length;
            foreach (float value in values)
            {
                data.Write(Bytes(value));
            }

            header.Append(CultureInfo.InvariantCulture, $"{(header.Length > 1 ? "," : "")}\"{name}\":{{\"dtype\":\"{Type}\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{begin},{data.Length}]}}");
        }

        byte[] text = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data.ToArray()];
    }

    private static float Spread(int inputs) => 1 / MathF.Sqrt(inputs);

    private void Add(Random random, string name, float spread, params int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
        {
            float uniform = (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * 2;
            values[i] = Round(spread == 0 ? 1 + (0.2f * uniform) : spread * uniform);
        }

        Tensors[name] = (shape, values);
    }

    private float Round(float value) => Type switch
    {
        "F16" => (float)(Half)value,
        "BF16" => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000),
        _ => value,
    };

    private byte[] Bytes(float value) => Type switch
    {
        "F16" => BitConverter.GetBytes((Half)value),
        "BF16" => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
        _ => BitConverter.GetBytes(value),
    };
}
