using System.Text.Json.Nodes;

namespace Edge.Tests.Models;

/// <summary>A safetensors file read at once, for references.</summary>
internal static class PlainSafetensors
{
    public static Dictionary<string, (int[] Shape, float[] Values)> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int header = (int)BitConverter.ToInt64(bytes);
        var tensors = new Dictionary<string, (int[], float[])>();
        foreach (var (name, entry) in JsonNode.Parse(bytes.AsSpan(8, header))!.AsObject())
        {
            int begin = 8 + header + (int)entry!["data_offsets"]![0]!, end = 8 + header + (int)entry["data_offsets"]![1]!;
            var data = bytes.AsMemory(begin, end - begin);
            float[] values = (string)entry["dtype"]! switch
            {
                "F32" => [.. Enumerable.Range(0, data.Length / 4).Select(i => BitConverter.ToSingle(data.Span[(4 * i)..]))],
                "F16" => [.. Enumerable.Range(0, data.Length / 2).Select(i => (float)BitConverter.ToHalf(data.Span[(2 * i)..]))],
                _ => [.. Enumerable.Range(0, data.Length / 2).Select(i => BitConverter.UInt32BitsToSingle((uint)BitConverter.ToUInt16(data.Span[(2 * i)..]) << 16))],
            };
            tensors[name] = ([.. entry["shape"]!.AsArray().Select(d => (int)d!)], values);
        }

        return tensors;
    }
}
