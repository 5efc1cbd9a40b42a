using System.Text;
using Edge.Runtime.Models;
using Edge.Runtime.Models.GenAi;
using Edge.Runtime.Models.RandomModels;
using Edge.Runtime.Models.Safetensors;
using Edge.Runtime.Tokens;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

/// <summary>Files that somebody bent: bytes changed, taken out, doubled, cut off, by chance with a fixed seed. Read, or refused in one line; nothing else.</summary>
public sealed class HeaderMutationTests : IDisposable
{
    private const int Rounds = 1000;

    private static readonly string[] _pieces = ["{", "}", "[", "]", ",", ":", "\"", "-1", "0", "1e999", "99999999999999999999", "null", "true", "\\u0000", "\\ud800", "[[[[[[[[", "F32", "data_offsets", "../x", "\u00e9"];

    private readonly TemporaryFolder _folder = new();

    public HeaderMutationTests() => RandomModel.Write("""
        {"architectures":["LlamaForCausalLM"],"hidden_size":16,"num_hidden_layers":1,"num_attention_heads":1,"intermediate_size":16,"vocab_size":400,"max_position_embeddings":64}
        """, _folder.File("source"), 1, null, Dialect.ChatMl, TestContext.Current.CancellationToken);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_safetensors_header() => Mutate("model.safetensors", 2000, path =>
    {
        using var file = SafetensorsFile.Open(path);
        foreach (var tensor in file.Tensors.Values)
        {
            // What was accepted lies in the file.
            Assert.InRange(tensor.Offset + tensor.Length, tensor.Offset, new FileInfo(path).Length);
        }
    });

    [Fact]
    public void A_config() => Mutate("config.json", int.MaxValue, path => ModelConfigReader.Read(path));

    [Fact]
    public void A_tokenizer() => Mutate("tokenizer.json", 3000, path => TokenizerFiles.Load(Path.GetDirectoryName(path)!), rounds: 100);

    [Fact]
    public void A_config_of_a_ready_made_folder()
    {
        File.WriteAllText(_folder.File("source/genai_config.json"), """
            {"model":{"bos_token_id":1,"eos_token_id":[2],"type":"llama","vocab_size":400,"context_length":64,"decoder":{"filename":"model.onnx","head_size":16,"hidden_size":16,
            "num_attention_heads":1,"num_hidden_layers":1,"num_key_value_heads":1,"inputs":{"input_ids":"input_ids","past_key_names":"past_key_values.%d.key"},"outputs":{"logits":"logits"}}},
            "search":{"past_present_share_buffer":true}}
            """);
        Mutate("genai_config.json", int.MaxValue, path => GenAiConfig.Read(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_tokenizer_s_config_with_its_template()
    {
        File.WriteAllText(_folder.File("source/tokenizer_config.json"), """{"bos_token":{"content":"<s>"},"chat_template":[{"name":"tool_use","template":"{{ tools }}"},{"name":"default","template":"x"}]}""");
        Mutate("tokenizer_config.json", int.MaxValue, path =>
        {
            ChatTemplateFiles.Read(Path.GetDirectoryName(path)!);
            ChatTemplateFiles.ReadSpecialTokens(Path.GetDirectoryName(path)!);
        });
    }

    [Theory]
    [InlineData("tokenizer.json", "{\"normalizer\":", "{\"type\":\"Sequence\",\"normalizers\":[", "]}")]
    [InlineData("tokenizer.json", "{\"decoder\":", "{\"type\":\"Sequence\",\"decoders\":[", "]}")]
    [InlineData("tokenizer_config.json", "{\"chat_template\":", "[", "]")]
    [InlineData("config.json", "{\"rope_scaling\":", "{\"a\":", "}")]
    public void Deep_nesting_is_one_line(string file, string before, string open, string close)
    {
        string path = _folder.File($"source/{file}");
        File.WriteAllText(path, before + string.Concat(Enumerable.Repeat(open, 20_000)) + "1" + string.Concat(Enumerable.Repeat(close, 20_000)) + "}");
        var fault = Record.Exception(() => ModelConverter.Convert(new ConvertOptions(_folder.File("source"), _folder.File("model")), null, TestContext.Current.CancellationToken));
        Assert.DoesNotContain('\n', Assert.IsType<ModelException>(fault).Message);
        Assert.Equal(["source"], Directory.GetFileSystemEntries(_folder.FullName).Select(Path.GetFileName));
    }

    /// <param name="head">Bytes from the start in which changes fall.</param>
    private void Mutate(string name, int head, Action<string> read, int rounds = Rounds)
    {
        string path = _folder.File($"source/{name}");
        byte[] original = File.ReadAllBytes(path);
        var random = new Random(20261125);
        int accepted = 0;
        for (int round = 0; round < rounds; round++)
        {
            File.WriteAllBytes(path, Bend(original, Math.Min(head, original.Length), random));
            var fault = Record.Exception(() => read(path));
            Assert.True(fault is null or ModelException or TokenizerException, $"Round {round}: {fault}");
            Assert.DoesNotContain('\n', fault?.Message ?? "");
            accepted += fault is null ? 1 : 0;
        }

        // Neither is everything refused, nor everything taken.
        Assert.InRange(accepted, 1, rounds - 1);
    }

    private static byte[] Bend(byte[] original, int head, Random random)
    {
        var bytes = original.ToList();
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int at = random.Next(Math.Min(head, bytes.Count));
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(_pieces[random.Next(_pieces.Length)]));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    // The length before the header, or any eight bytes.
                    byte[] length = BitConverter.GetBytes(random.NextInt64());
                    for (int i = 0; i < 8 && i < bytes.Count; i++)
                    {
                        bytes[i] = length[i];
                    }

                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }
}
