using System.Buffers.Binary;
using System.Text.Json;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;
using Edge.Runtime.Models.RandomModels;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

/// <summary>Calibration makes 4 bits cost less on models with a few strong channels, as real ones have, and changes nothing else.</summary>
public sealed class CalibrationTests : IDisposable
{
    private const string Text = "turn on the kitchen light\nset the heating to 21 degrees\nis the garage door open\nclose the blinds at eight\nwhat is the temperature in the hall\n";
    private const string OtherText = "please switch the bedroom lamp off and open the living room window";

    private static readonly Dictionary<string, string> _shapes = new()
    {
        ["llama"] = """ "architectures":["LlamaForCausalLM"],"num_key_value_heads":2 """,
        ["qwen3, tied"] = """ "architectures":["Qwen3ForCausalLM"],"num_key_value_heads":2,"head_dim":32,"tie_word_embeddings":true """,
        ["gemma3"] = """ "architectures":["Gemma3ForCausalLM"],"num_key_value_heads":1,"head_dim":32 """,
        ["phi"] = """ "architectures":["PhiForCausalLM"],"hidden_act":"gelu_new","head_dim":32,"partial_rotary_factor":0.5 """,
        ["biases"] = """ "architectures":["LlamaForCausalLM"],"attention_bias":true,"mlp_bias":true """,
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Shapes => [.. _shapes.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Four_bits_are_closer_to_the_truth_on_text_like_the_calibration_s(string shape)
    {
        Write(shape);
        float[] exact = Logits(o => o with { Bits = 32 });
        float[] plain = Logits(o => o with { AccuracyLevel = 0 });
        float[] calibrated = Logits(o => o with { AccuracyLevel = 0, Calibration = Calibrator.Measure(o, _folder.File("text"), null, Token) });
        double before = Error(exact, plain), after = Error(exact, calibrated);
        TestContext.Current.SendDiagnosticMessage($"{shape}: {before:0.0000} → {after:0.0000}");
        Assert.InRange(after, 0, 0.9 * before);
    }

    [Fact]
    public void What_is_not_quantized_stays_as_it_is()
    {
        Write("llama");
        float[] exact = Logits(o => o with { Bits = 32 });
        float[] calibrated = Logits(o => o with { Bits = 32, Calibration = Calibrator.Measure(o, _folder.File("text"), null, Token) });
        Assert.Equal(exact, calibrated);
    }

    /// <summary>With one projection at 4 bits its group is scaled, and the others take part at full precision: only the one's error is left.</summary>
    [Fact]
    public void Scaling_is_undone_where_it_began()
    {
        Write("llama");
        float[] exact = Logits(o => o with { Bits = 32 });
        LayerBits[] only = [new("layer.0.gate", 4)];
        float[] plain = Logits(o => o with { Bits = 32, Overrides = only, AccuracyLevel = 0 });
        float[] calibrated = Logits(o => o with { Bits = 32, Overrides = only, AccuracyLevel = 0, Calibration = Calibrator.Measure(o, _folder.File("text"), null, Token) });
        Assert.InRange(Error(exact, calibrated), 0, Error(exact, plain));
        Assert.NotEqual(plain, calibrated);
    }

    [Fact]
    public void The_manifest_names_the_text_and_the_size_is_the_same()
    {
        Write("llama");
        var options = new ConvertOptions(_folder.File("source"), _folder.File("model"));
        var plain = ModelConverter.Convert(options, null, Token);
        var calibrated = ModelConverter.Convert(options with { Output = _folder.File("calibrated"), Calibration = Calibrator.Measure(options, _folder.File("text"), null, Token) }, null, Token);
        Assert.Equal("text", calibrated.Sources[^1].File);
        Assert.Equal(plain.Files.Sum(f => f.Bytes), calibrated.Files.Sum(f => f.Bytes));
        Assert.Equal(["calibrated", "model", "source"], Directory.GetDirectories(_folder.FullName).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(null, "cannot be read")]
    public void A_text_that_says_nothing_is_one_line(string? text, string said)
    {
        Write("llama");
        File.Delete(_folder.File("text"));
        if (text is not null)
        {
            File.WriteAllText(_folder.File("text"), text);
        }

        var fault = Assert.Throws<ModelException>(() => Calibrator.Measure(new ConvertOptions(_folder.File("source"), _folder.File("model")), _folder.File("text"), null, Token));
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.Equal(["source"], Directory.GetDirectories(_folder.FullName).Select(Path.GetFileName));
    }

    /// <summary>A random model whose norms let five channels through eight times stronger than the others.</summary>
    private void Write(string shape)
    {
        RandomModel.Write($$"""
            {"hidden_size":128,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":192,"vocab_size":800,"max_position_embeddings":256,"torch_dtype":"float32",{{_shapes[shape]}}}
            """, _folder.File("source"), 3, null, Token);
        File.WriteAllText(_folder.File("text"), Text);
        string path = _folder.File("source/model.safetensors");
        byte[] file = File.ReadAllBytes(path);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var json = JsonDocument.Parse(file.AsMemory(8, header));
        foreach (var tensor in json.RootElement.EnumerateObject().Where(t => t.Name.EndsWith("norm.weight", StringComparison.Ordinal) && t.Value.GetProperty("shape")[0].GetInt32() == 128))
        {
            int start = 8 + header + tensor.Value.GetProperty("data_offsets")[0].GetInt32();
            foreach (int channel in (int[])[3, 17, 64, 65, 100])
            {
                BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(start + (channel * 4)), 8);
            }
        }

        File.WriteAllBytes(path, file);
    }

    private float[] Logits(Func<ConvertOptions, ConvertOptions> with)
    {
        ModelConverter.Convert(with(new ConvertOptions(_folder.File("source"), _folder.File("model")) { Overwrite = true }), null, Token);
        var folder = ModelFolder.Open(_folder.File("model"));
        using var decoder = new OnnxDecoder(folder, new DecoderOptions { Threads = 1 });
        var ids = new List<int>();
        folder.Tokenizer.EncodeText(OtherText, ids);
        return [.. ids.SelectMany(id => decoder.Run([id]).ToArray())];
    }

    private static double Error(float[] exact, float[] other) =>
        Math.Sqrt(exact.Zip(other, (a, b) => (double)(a - b) * (a - b)).Sum() / exact.Sum(a => (double)a * a));
}
