using System.Buffers.Binary;
using System.Text.Json;
using Edge.Runtime.Models;
using Edge.Runtime.Models.RandomModels;

namespace Edge.Tests.Models;

/// <summary>
/// A random model that wants to say one token first: one dimension of the residual stream is large at every position, and that token's row of the
/// head points there. All else about it is random.
/// </summary>
internal static class EagerModel
{
    /// <param name="config">With <c>"torch_dtype":"float32"</c>.</param>
    public static void Write(string config, string folder, Dialect dialect, int token, CancellationToken cancellationToken)
    {
        RandomModel.Write(config, folder, 1, null, dialect, cancellationToken);
        string path = Path.Combine(folder, "model.safetensors");
        byte[] file = File.ReadAllBytes(path);
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var json = JsonDocument.Parse(file.AsMemory(8, header));
        SetColumn("model.embed_tokens.weight", everywhere: 8);
        SetColumn(json.RootElement.TryGetProperty("lm_head.weight", out _) ? "lm_head.weight" : "model.embed_tokens.weight", everywhere: null);
        File.WriteAllBytes(path, file);

        void SetColumn(string name, float? everywhere)
        {
            var tensor = json.RootElement.GetProperty(name);
            int rows = tensor.GetProperty("shape")[0].GetInt32(), columns = tensor.GetProperty("shape")[1].GetInt32();
            int start = 8 + header + tensor.GetProperty("data_offsets")[0].GetInt32();
            for (int row = 0; row < rows; row++)
            {
                if ((everywhere ?? (row == token ? 60 : null)) is { } value)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(start + (row * columns * 4)), value);
                }
            }
        }
    }
}
