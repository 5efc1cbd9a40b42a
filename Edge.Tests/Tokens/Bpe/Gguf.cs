using System.Buffers.Binary;
using System.Text;

namespace Edge.Tests.Tokens.Bpe;

/// <summary>The strings in a GGUF file's metadata: enough to take a vocabulary out of it.</summary>
internal static class Gguf
{
    public static Dictionary<string, object> ReadMetadata(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        reader.ReadBytes(4 + 4 + 8);
        long count = reader.ReadInt64();
        var metadata = new Dictionary<string, object>();
        for (long i = 0; i < count; i++)
        {
            string key = Text(reader);
            metadata[key] = Value(reader, reader.ReadInt32());
        }

        return metadata;
    }

    private static object Value(BinaryReader reader, int type) => type switch
    {
        0 or 1 or 7 => reader.ReadByte(),
        2 or 3 => reader.ReadInt16(),
        4 or 5 => reader.ReadInt32(),
        6 => reader.ReadSingle(),
        8 => Text(reader),
        9 => List(reader),
        10 or 11 => reader.ReadInt64(),
        12 => reader.ReadDouble(),
        _ => throw new InvalidDataException($"GGUF type {type}"),
    };

    private static List<object> List(BinaryReader reader)
    {
        int type = reader.ReadInt32();
        long count = reader.ReadInt64();
        var list = new List<object>();
        for (long i = 0; i < count; i++)
        {
            list.Add(Value(reader, type));
        }

        return list;
    }

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadInt64()));
}
