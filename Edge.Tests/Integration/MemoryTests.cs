using Edge.Runtime.Models;
using Edge.Runtime.Models.RandomModels;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>
/// How much memory weights take in the service itself: a process with a model of fourteen layers against one with a model of two, so that what .NET, ONNX
/// Runtime, the house and a run's products take falls out. (Not of one: the last layer's MLP sees the wanted rows only.)
/// </summary>
public sealed class MemoryTests : IDisposable
{
    private const int Few = 2, Many = 14, Hidden = 1024, Intermediate = 4096, HeadDim = 128;

    /// <summary>Query and output of 8 heads, key and value of one, three projections of the MLP; in twelve layers.</summary>
    private const long Quantized = (Many - Few) * ((2L * Hidden * Hidden) + (2L * Hidden * HeadDim) + (3L * Hidden * Intermediate));

    private const string House = """
        gpio: {driver: simulated}
        devices: [{name: kitchen light, kind: light, line: 17}]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Weights_are_in_memory_once_and_loading_needs_no_second_copy()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read from /proc, which only Linux has.");
        var few = await MeasureAsync(Few, scaleBits: 32);
        var weights = await MeasureAsync(Many, scaleBits: 32) - few;
        var withHalves = await MeasureAsync(Many, scaleBits: 16) - few;

        // Half a byte a weight and a float for every 32 in the file. In memory they are packed: on x64 with two floats a block, on arm64 with less.
        const long File = (Quantized / 2) + (Quantized / 8);
        string seen = $"{Quantized} weights, {File >> 20} MiB in the file; own {weights.Anonymous >> 20}, mapped {weights.Mapped >> 20}, at most {weights.Peak >> 20} MiB; own with scales of 16 bits {withHalves.Anonymous >> 20} MiB.";
        TestContext.Current.TestOutputHelper?.WriteLine(seen);
        Assert.True(weights.Anonymous > Quantized / 2 * 9 / 10, $"The meter sees no weights: {seen}");
        Assert.True(weights.Anonymous < File * 140 / 100, $"Twice at rest: {seen}");
        Assert.True(weights.Peak < File * 175 / 100, $"Twice while loading: {seen}");

        // Halves are cast into memory of their own, beside what is packed: the meter sees a copy where there is one.
        Assert.True(withHalves.Anonymous - weights.Anonymous > Quantized / 8 / 2, $"The meter sees no copy of the scales: {seen}");
    }

    /// <summary>Makes a model, runs the service with it until it is ready, and takes the model away.</summary>
    private async Task<ProcessMemory> MeasureAsync(int layers, int scaleBits)
    {
        string config = $$"""
            {"architectures":["LlamaForCausalLM"],"hidden_size":{{Hidden}},"num_hidden_layers":{{layers}},"num_attention_heads":8,"num_key_value_heads":1,
            "head_dim":{{HeadDim}},"intermediate_size":{{Intermediate}},"vocab_size":2048,"max_position_embeddings":2048,"rms_norm_eps":1e-5,
            "rope_theta":10000.0,"hidden_act":"silu","tie_word_embeddings":false,"torch_dtype":"bfloat16"}
            """;
        var stop = TestContext.Current.CancellationToken;
        string source = _folder.File("source"), model = _folder.File("model");
        RandomModel.Write(config, source, 1, null, Dialect.Find("chatml"), stop);
        ModelConverter.Convert(new ConvertOptions(source, model) { ScaleBits = scaleBits }, null, stop);
        Directory.Delete(source, recursive: true);
        ProcessMemory memory;
        await using (var edge = await EdgeProcess.RunModelAsync(model, $"{House}\nmqtt: {{port: {FreePort.Find()}}}", stop))
        {
            memory = ProcessMemory.Of(edge.Id);
        }

        Directory.Delete(model, recursive: true);
        return memory;
    }
}
