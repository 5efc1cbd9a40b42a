using System.Text.Json;
using Edge.Runtime.Models;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

public sealed class ModelConverterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ModelConverterTests() => new RandomLlama { Type = "F16" }.Fill(1).Write(Source);

    private string Source => _folder.File("source");

    private string Output => _folder.File("model");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_manifest_tells_what_lies_in_the_folder_and_where_it_came_from()
    {
        var written = Convert(new ConvertOptions(Source, Output) { Licence = "Apache-2.0" });
        var model = ModelFolder.Open(Output);
        Assert.Equivalent(written, model.Manifest);
        Assert.Equal((4, 32, 64, "Apache-2.0", "LlamaForCausalLM"), (written.Bits, written.Block, written.ContextLength, written.Licence, written.Architecture));
        Assert.Equal(["model.safetensors", "config.json", "tokenizer.model"], written.Sources.Select(f => f.File));
        Assert.Equal(["config.json", "model.onnx", "model.onnx.data", "tokenizer.model"], written.Files.Select(f => f.File));
        Assert.Equal(1, model.Config.BosTokenId);
        Assert.Equal([2], model.Config.EosTokenIds);
        model.Verify(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_same_source_gives_the_same_bytes()
    {
        var once = Convert(new ConvertOptions(Source, Output));
        var again = Convert(new ConvertOptions(Source, _folder.File("again")));
        Assert.Equivalent(once, again);
    }

    [Fact]
    public void The_licence_is_taken_from_the_model_card()
    {
        Assert.Equal("unknown", Convert(new ConvertOptions(Source, Output)).Licence);
        File.WriteAllText(Path.Combine(Source, "README.md"), "---\nlanguage: en\nlicense: \"mit\"\n---\n# x\n");
        Assert.Equal("mit", Convert(new ConvertOptions(Source, Output) { Overwrite = true }).Licence);
    }

    [Fact]
    public void Progress_goes_from_nothing_to_all()
    {
        List<ConvertProgress> seen = [];
        ModelConverter.Convert(new ConvertOptions(Source, Output), new Collect(seen), TestContext.Current.CancellationToken);
        Assert.Equal(0, seen[0].BytesDone);
        Assert.Contains(seen, p => p.BytesDone == p.BytesTotal && p.BytesTotal > 0);
        Assert.Contains(seen, p => p.Step.Contains("q_proj", StringComparison.Ordinal));
    }

    [Fact]
    public void An_output_that_exists_stays_as_it_is()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "mine"), "x");
        Refused(new ConvertOptions(Source, Output), "exists already");
        Assert.Equal(["mine"], Directory.EnumerateFiles(Output).Select(Path.GetFileName));
        Convert(new ConvertOptions(Source, Output) { Overwrite = true });
        Assert.False(File.Exists(Path.Combine(Output, "mine")));
        Assert.Equal(["model", "source"], Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_fault_on_the_way_leaves_nothing_behind()
    {
        var model = new RandomLlama().Fill(1);
        model.Tensors["model.norm.weight"].Values[0] = float.NaN;
        model.Write(Source);
        Refused(new ConvertOptions(Source, Output), "model.norm.weight");
        Assert.Equal(["source"], Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public void A_conversion_that_is_cancelled_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => ModelConverter.Convert(new ConvertOptions(Source, Output), new Cancel(stop), stop.Token));
        Assert.Equal(["source"], Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public void Wrong_options_are_named_with_the_right_ones()
    {
        Refused(new ConvertOptions(Source, Output) { Bits = 5 }, "--bits is 5; use 4, 8, 16 or 32");
        Refused(new ConvertOptions(Source, Output) { ScaleBits = 8 }, "--scales is 8; use 32, or 16 for a smaller file");
        Refused(new ConvertOptions(Source, Output) { Block = 33 }, "--block is 33; use 16, 32, 64 or 128");
        Refused(new ConvertOptions(Source, Output) { ContextLength = 65 }, "65; use 1 to 64");
        Refused(new ConvertOptions(_folder.File("absent"), Output), "not a folder");
    }

    [Fact]
    public void A_tensor_that_is_absent_or_of_another_shape_is_named()
    {
        var model = new RandomLlama().Fill(1);
        var key = model.Tensors["model.layers.1.self_attn.k_proj.weight"];
        model.Tensors["model.layers.1.self_attn.k_proj.weight"] = ([key.Shape[1], key.Shape[0]], key.Values);
        model.Write(Source);
        Refused(new ConvertOptions(Source, Output), "model.layers.1.self_attn.k_proj.weight has the shape [64, 32], but config.json asks for [32, 64]");
        model.Tensors.Remove("model.layers.1.self_attn.k_proj.weight");
        model.Write(Source);
        Refused(new ConvertOptions(Source, Output), "no tensor model.layers.1.self_attn.k_proj.weight");
    }

    [Fact]
    public void Tokenizer_and_weights_must_belong_together()
    {
        Tokens.SmallSentencePiece.Write(Tokens.SmallSentencePiece.Create([.. Enumerable.Range(0, 100).Select(i => $"p{i}")]), Path.Combine(Source, "tokenizer.model"));
        Refused(new ConvertOptions(Source, Output), "359 tokens");
    }

    [Fact]
    public void Memory_does_not_grow_with_the_weights()
    {
        // An embedding of 100 MB, all zeros: a hole in the file on most disks.
        string source = _folder.File("large");
        var model = new RandomLlama { Layers = 1, Hidden = 256, HeadDim = 64, Intermediate = 32 }.Fill(1);
        model.Write(source);
        const int rows = 100 << 10;
        File.WriteAllText(Path.Combine(source, "config.json"), model.Config().Replace("\"vocab_size\":288", $"\"vocab_size\":{rows}", StringComparison.Ordinal));
        WithLargeEmbedding(model, Path.Combine(source, "model.safetensors"), rows);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var manifest = Convert(new ConvertOptions(source, Output));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(manifest.Sources[0].Bytes > 100L << 20);
        Assert.InRange(allocated, 0, 24L << 20);
    }

    private static void WithLargeEmbedding(RandomLlama model, string path, int rows)
    {
        const string embedding = "model.embed_tokens.weight";
        byte[] others = model.Safetensors(model.Tensors.Keys.Where(n => n != embedding));
        int headerBytes = BitConverter.ToInt32(others);
        string header = System.Text.Encoding.UTF8.GetString(others, 8, headerBytes);
        long othersBytes = others.Length - 8 - headerBytes;
        long bytes = (long)rows * model.Hidden * sizeof(float);
        header = $"{header[..^1]},\"{embedding}\":{{\"dtype\":\"F32\",\"shape\":[{rows},{model.Hidden}],\"data_offsets\":[{othersBytes},{othersBytes + bytes}]}}}}";
        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes((long)header.Length));
        file.Write(System.Text.Encoding.UTF8.GetBytes(header));
        file.Write(others.AsSpan(8 + headerBytes));
        file.SetLength(file.Length + bytes);
    }

    private static ModelManifest Convert(ConvertOptions options) => ModelConverter.Convert(options, null, TestContext.Current.CancellationToken);

    private static void Refused(ConvertOptions options, string said)
    {
        string message = Assert.Throws<ModelException>(() => Convert(options)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private sealed class Collect(List<ConvertProgress> seen) : IProgress<ConvertProgress>
    {
        public void Report(ConvertProgress value) => seen.Add(value);
    }

    private sealed class Cancel(CancellationTokenSource stop) : IProgress<ConvertProgress>
    {
        public void Report(ConvertProgress value)
        {
            if (value.BytesDone > 0)
            {
                stop.Cancel();
            }
        }
    }
}
