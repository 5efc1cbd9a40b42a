using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Edge.Runtime.Models;
using Edge.Runtime.Models.Safetensors;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

/// <summary>Whatever a weight file holds, the answer is its tensors or one line.</summary>
public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int, string> Hostile => new()
    {
        { "", 0, "not valid JSON" },
        { "{", 0, "not valid JSON" },
        { "[]", 0, "Array" },
        { "\"x\"", 0, "String" },
        { """{"a":1}""", 0, "tensor a" },
        { """{"a":{"dtype":"F32","shape":[1]}}""", 4, "tensor a" },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "not negative" },
        { """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "whole" },
        { """{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4, "tensor a" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "bytes 4 to 0" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "cut off" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not fit" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}}""", 4, "does not fit" },
        { """{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", 4, "cut off" },
        { """{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4, "whole" },
        { """{"a":{"dtype":"Q7","shape":[1],"data_offsets":[0,4]}}""", 4, "Q7" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlaps" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "overlaps" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gap" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 9, "after its last" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice" },
        { """{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not valid" },
        { """{"a\nb":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not fit" },
        { """{"a":{"dtype":{"a":{"a":{"a":{}}}},"shape":[2],"data_offsets":[0,4]}}""", 4, "not valid JSON" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_header_is_one_line(string header, int dataBytes, string said) =>
        Refused(File(Encoding.UTF8.GetBytes(header), dataBytes), said);

    [Fact]
    public void A_length_that_lies_is_refused_before_memory_is_taken()
    {
        Refused([], "0 bytes");
        Refused([1, 2, 3], "3 bytes");
        Refused([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "limit");
        Refused([0, 0, 0, 0x7F, 0, 0, 0, 0], "limit");
        Refused([100, 0, 0, 0, 0, 0, 0, 0, (byte)'{'], "cut off");
    }

    [Fact]
    public void Any_change_of_a_good_file_is_read_or_refused()
    {
        byte[] good = new RandomLlama { Layers = 1, Vocabulary = 4, Hidden = 8, Intermediate = 8 }.Fill(1).Safetensors(["model.norm.weight", "model.embed_tokens.weight"]);
        Gen.Select(Gen.Int[0, 200], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            byte[] bytes = [.. good.AsSpan(0, length)];
            if (at < bytes.Length)
            {
                bytes[at] = value;
            }

            string path = _folder.File($"{Guid.NewGuid():N}.safetensors");
            System.IO.File.WriteAllBytes(path, bytes);
            try
            {
                using var file = SafetensorsFile.Open(path);
            }
            catch (ModelException fault)
            {
                Assert.DoesNotContain('\n', fault.Message);
            }

            System.IO.File.Delete(path);
        }, iter: 500, threads: 1);
    }

    [Fact]
    public void All_three_types_widen_exactly()
    {
        foreach (string type in (string[])["F16", "BF16", "F32"])
        {
            var model = new RandomLlama { Type = type }.Fill(1);
            model.Write(_folder.FullName);
            using var weights = SafetensorsFolder.Open(_folder.FullName);
            var tensor = weights.Find("model.embed_tokens.weight", model.Vocabulary, model.Hidden);
            float[] floats = new float[100];
            weights.ReadFloats(tensor, 50, floats);
            Assert.Equal(model.Tensors[tensor.Name].Values[50..150], floats);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_named(float value)
    {
        var model = new RandomLlama { Type = "F16" }.Fill(1);
        model.Tensors["model.norm.weight"].Values[7] = value;
        model.Write(_folder.FullName);
        using var weights = SafetensorsFolder.Open(_folder.FullName);
        var tensor = weights.Find("model.norm.weight", model.Hidden);
        string message = Assert.Throws<ModelException>(() => weights.ReadFloats(tensor, 0, new float[model.Hidden])).Message;
        Assert.Contains("element 7 of tensor model.norm.weight", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("a\\\\model.safetensors")]
    [InlineData("..")]
    [InlineData("config.json")]
    public void An_index_points_nowhere_but_beside_itself(string shard)
    {
        System.IO.File.WriteAllText(_folder.File("model.safetensors.index.json"), $$$"""{"weight_map":{"a":"{{{shard}}}"}}""");
        Assert.Contains("same folder", Assert.Throws<ModelException>(() => SafetensorsFolder.Open(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "weight_map")]
    [InlineData("""{"weight_map":[]}""", "weight_map")]
    [InlineData("""{"weight_map":{"a":7}}""", "same folder")]
    [InlineData("""{"weight_map":{"a":"absent.safetensors"}}""", "cannot be read")]
    [InlineData("[]", "not an object")]
    [InlineData("{", "not JSON")]
    public void A_malformed_index_is_one_line(string index, string said)
    {
        System.IO.File.WriteAllText(_folder.File("model.safetensors.index.json"), index);
        Assert.Contains(said, Assert.Throws<ModelException>(() => SafetensorsFolder.Open(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_its_shard_lacks_is_named()
    {
        var model = new RandomLlama().Fill(1);
        model.Write(_folder.FullName, shards: 2);
        string index = _folder.File("model.safetensors.index.json");
        System.IO.File.WriteAllText(index, System.IO.File.ReadAllText(index).Replace("00001-of", "00002-of", StringComparison.Ordinal));
        Assert.Contains("two models", Assert.Throws<ModelException>(() => SafetensorsFolder.Open(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_weights_is_refused() =>
        Assert.Contains("neither model.safetensors", Assert.Throws<ModelException>(() => SafetensorsFolder.Open(_folder.FullName)).Message, StringComparison.Ordinal);

    private static byte[] File(byte[] header, int dataBytes)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. new byte[dataBytes]];
    }

    private void Refused(byte[] bytes, string said)
    {
        string path = _folder.File("x.safetensors");
        System.IO.File.WriteAllBytes(path, bytes);
        string message = Assert.Throws<ModelException>(() => SafetensorsFile.Open(path).Dispose()).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
