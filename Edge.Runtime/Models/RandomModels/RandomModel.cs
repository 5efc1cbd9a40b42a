using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Edge.Runtime.Models.RandomModels;

/// <summary>
/// Writes a Hugging Face folder of true shapes with random weights: to test with, and to learn a model's speed and memory before downloading it.
/// The same seed gives the same bytes.
/// </summary>
public static class RandomModel
{
    /// <summary>Values that are made and written at once.</summary>
    private const int ChunkElements = 1 << 20;

    /// <summary>The folder appears when everything in it is complete.</summary>
    /// <param name="configJson">A whole <c>config.json</c>.</param>
    /// <param name="output">The folder to make.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="tokenizer">A tokenizer file to take over; null for a stand-in of bytes.</param>
    /// <exception cref="ModelException">The config describes no model that Edge converts, or nothing can be written.</exception>
    public static void Write(string configJson, string output, int seed, string? tokenizer = null, CancellationToken cancellationToken = default) =>
        Write(configJson, output, seed, tokenizer, null, cancellationToken);

    /// <inheritdoc cref="Write(string, string, int, string?, CancellationToken)"/>
    /// <param name="dialect">Whose special tokens the stand-in has; noted in <c>tokenizer_config.json</c>.</param>
    public static void Write(string configJson, string output, int seed, string? tokenizer, Dialect? dialect, CancellationToken cancellationToken)
    {
        using var folder = new WorkFolder(output, overwrite: false);
        try
        {
            File.WriteAllText(folder.File(ModelConfigReader.FileName), configJson);
            var config = ModelConfig.Read(folder.FullName);
            var type = TypeOf(configJson);
            using (var weights = File.Create(folder.File("model.safetensors")))
            {
                WriteWeights(weights, [.. DecoderTensors.Of(config)], type, seed, cancellationToken);
            }

            if (tokenizer is null)
            {
                StandInTokenizer.Write(folder.File("tokenizer.json"), config.Vocabulary, dialect?.Markers);
            }
            else
            {
                File.Copy(tokenizer, folder.File(Path.GetFileName(tokenizer)));
            }

            if (dialect is not null)
            {
                WriteTokenizerConfig(folder.File(ChatTemplateFiles.ConfigFile), dialect);
            }

            folder.Commit();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{output} cannot be written: {fault.Message}", fault);
        }
    }

    private static void WriteTokenizerConfig(string path, Dialect dialect)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        json.WriteString(DialectFinder.Key, dialect.Name);
        if (dialect.Markers.FirstOrDefault(m => m is "<s>" or "<bos>" || m.Contains("begin", StringComparison.Ordinal)) is { } begin)
        {
            json.WriteString("bos_token", begin);
        }

        json.WriteString("eos_token", dialect.Ends.First(dialect.Markers.Contains));
        json.WriteEndObject();
    }

    /// <summary>Bytes of an element are what <c>torch_dtype</c> says; bf16 where it says nothing.</summary>
    private static string TypeOf(string configJson)
    {
        using var json = JsonDocument.Parse(configJson);
        string? type = json.RootElement.TryGetProperty("torch_dtype", out var value) ? value.GetString() : null;
        return type switch
        {
            "float32" => "F32",
            "float16" => "F16",
            _ => "BF16",
        };
    }

    private static void WriteWeights(FileStream file, DecoderTensor[] tensors, string type, int seed, CancellationToken cancellationToken)
    {
        int size = type == "F32" ? 4 : 2;
        file.Write(Header(tensors, type, size));
        byte[] bytes = new byte[ChunkElements * size];
        for (int i = 0; i < tensors.Length; i++)
        {
            // Each tensor has its own sequence, so that fewer layers leave the others as they are.
            var values = new UniformValues(((ulong)(uint)seed << 32) | (uint)i);
            for (long done = 0; done < tensors[i].Elements; done += ChunkElements)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = (int)Math.Min(ChunkElements, tensors[i].Elements - done);
                Fill(bytes.AsSpan(0, count * size), type, ref values, tensors[i]);
                file.Write(bytes.AsSpan(0, count * size));
            }
        }
    }

    private static byte[] Header(DecoderTensor[] tensors, string type, int size)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            long at = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (long dimension in tensor.Shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += tensor.Elements * size);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text.ToArray()];
    }

    private static void Fill(Span<byte> bytes, string type, ref UniformValues values, DecoderTensor tensor)
    {
        if (type == "F32")
        {
            foreach (ref float value in MemoryMarshal.Cast<byte, float>(bytes))
            {
                value = tensor.Centre + (tensor.Spread * values.Next());
            }
        }
        else if (type == "F16")
        {
            foreach (ref var value in MemoryMarshal.Cast<byte, Half>(bytes))
            {
                value = (Half)(tensor.Centre + (tensor.Spread * values.Next()));
            }
        }
        else
        {
            foreach (ref ushort value in MemoryMarshal.Cast<byte, ushort>(bytes))
            {
                value = (ushort)(BitConverter.SingleToUInt32Bits(tensor.Centre + (tensor.Spread * values.Next())) >> 16);
            }
        }
    }

    /// <summary>Source: Steele, Lea and Flood 2014, SplitMix64; each number gives four values.</summary>
    private struct UniformValues(ulong seed)
    {
        private ulong _state = seed * 0x9E3779B97F4A7C15;
        private ulong _bits;
        private int _left;

        /// <summary>From −√3 to √3, so that the variance is 1.</summary>
        public float Next()
        {
            if (_left == 0)
            {
                _state += 0x9E3779B97F4A7C15;
                ulong z = _state;
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
                _bits = z ^ (z >> 31);
                _left = 4;
            }

            _left--;
            short value = (short)_bits;
            _bits >>= 16;
            return value * (1.7320508f / 32768);
        }
    }
}
