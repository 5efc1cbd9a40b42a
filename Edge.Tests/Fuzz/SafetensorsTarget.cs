using Edge.Runtime.Models;
using Edge.Runtime.Models.Safetensors;

namespace Edge.Tests.Fuzz;

/// <summary>Any bytes as a safetensors file: either it is refused with a <see cref="ModelException"/> of one line, or every tensor of it lies in the file.</summary>
internal static class SafetensorsTarget
{
    public static void Run(byte[] input)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, input);
            using var file = SafetensorsFile.Open(path);
            foreach (var tensor in file.Tensors.Values.Where(t => t.Offset < 0 || t.Length < 0 || t.Offset + t.Length > input.Length))
            {
                throw new InvalidOperationException($"Tensor {tensor.Name} lies outside its file.");
            }
        }
        catch (ModelException fault) when (!fault.Message.Contains('\n', StringComparison.Ordinal))
        {
            // Refused, as it should be.
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Small files that are right, and one that is not.</summary>
    public static IEnumerable<byte[]> Seeds()
    {
        foreach (string header in (string[])["{}", """{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""", """{"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}""", """{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[2],"data_offsets":[2,6]}}"""])
        {
            byte[] text = System.Text.Encoding.UTF8.GetBytes(header);
            yield return [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[header == "{}" ? 0 : 8]];
        }
    }
}
