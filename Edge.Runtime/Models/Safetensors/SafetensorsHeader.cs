using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Edge.Runtime.Models.Safetensors;

/// <summary>
/// Reads and checks the header of a safetensors file: 8 bytes of length, little endian, then JSON
/// <c>{"name":{"dtype","shape","data_offsets":[begin,end]},…,"__metadata__":{…}}</c>, then the tensors without gap or overlap.
/// Source: the format's description at github.com/huggingface/safetensors.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>A model of 100 layers and 12 tensors each takes about 150 kB of header.</summary>
    public const long HeaderBytesMax = 16L << 20;

    /// <summary>Bytes of the length before the header.</summary>
    private const int PrefixBytes = 8;

    /// <exception cref="ModelException">Cut off, oversized, not JSON, or entries that contradict each other or the file's length.</exception>
    public static Dictionary<string, TensorEntry> Read(SafeFileHandle file, string path)
    {
        long fileBytes = RandomAccess.GetLength(file);
        byte[] header = ReadHeaderBytes(file, fileBytes, path);
        long dataStart = PrefixBytes + header.Length;
        Dictionary<string, TensorEntry> tensors = new(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 4 });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ModelException($"{path}: the header is a JSON {json.RootElement.ValueKind}, not an object; the file is damaged.");
            }

            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name != "__metadata__" && !tensors.TryAdd(property.Name, ReadEntry(property, dataStart, fileBytes, path)))
                {
                    throw new ModelException($"{path}: the header names tensor {property.Name} twice; the file is damaged.");
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The second kind: strings that are not Unicode.
            throw new ModelException($"{path}: the header is not valid JSON; the file is damaged or not safetensors.", fault);
        }

        RefuseGapsAndOverlaps(tensors.Values, dataStart, fileBytes, path);
        return tensors;
    }

    private static byte[] ReadHeaderBytes(SafeFileHandle file, long fileBytes, string path)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        if (fileBytes < PrefixBytes || RandomAccess.Read(file, prefix, 0) != PrefixBytes)
        {
            throw new ModelException($"{path} has {fileBytes} bytes, too few for a safetensors file; copy it again from its source.");
        }

        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > HeaderBytesMax)
        {
            throw new ModelException($"{path} announces a header of {headerBytes} bytes; the limit is {HeaderBytesMax}. The file is damaged or not safetensors.");
        }

        if ((long)headerBytes > fileBytes - PrefixBytes)
        {
            throw new ModelException($"{path} announces a header of {headerBytes} bytes, but has only {fileBytes}; it is cut off, copy it again.");
        }

        byte[] header = new byte[headerBytes];
        for (int read = 0; read < header.Length;)
        {
            int count = RandomAccess.Read(file, header.AsSpan(read), PrefixBytes + read);
            read += count > 0 ? count : throw new ModelException($"{path} became shorter while it was read.");
        }

        return header;
    }

    private static TensorEntry ReadEntry(JsonProperty property, long dataStart, long fileBytes, string path)
    {
        string name = property.Name;
        var entry = property.Value;
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !entry.TryGetProperty("shape", out var shape) || ReadIntegers(shape) is not { } dimensions
            || !entry.TryGetProperty("data_offsets", out var offsets) || ReadIntegers(offsets) is not [long begin, long end])
        {
            throw new ModelException($"{path}: tensor {name} needs a dtype, a shape and two data_offsets, all whole and not negative; the file is damaged.");
        }

        if (begin > end || end > fileBytes - dataStart)
        {
            throw new ModelException($"{path}: tensor {name} lies at bytes {begin} to {end} of {fileBytes - dataStart}; the file is cut off or damaged, copy it again.");
        }

        var (type, elementBits) = ReadType(dtype.GetString()!, name, path);
        if (BitCount(dimensions, elementBits) != (UInt128)(end - begin) * 8)
        {
            throw new ModelException($"{path}: tensor {name} of shape [{string.Join(", ", dimensions)}] and type {dtype.GetString()} does not fit into {end - begin} bytes; the file is damaged.");
        }

        return new TensorEntry(name, type, dimensions, dataStart + begin, end - begin);
    }

    /// <summary>An array of whole numbers that are not negative, or null.</summary>
    private static long[]? ReadIntegers(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        long[] values = new long[array.GetArrayLength()];
        for (int i = 0; i < values.Length; i++)
        {
            if (array[i].ValueKind != JsonValueKind.Number || !array[i].TryGetInt64(out values[i]) || values[i] < 0)
            {
                return null;
            }
        }

        return values;
    }

    private static (ElementType Type, int Bits) ReadType(string dtype, string name, string path) => dtype switch
    {
        "F16" => (ElementType.F16, 16),
        "BF16" => (ElementType.BF16, 16),
        "F32" => (ElementType.F32, 32),
        "F64" or "I64" or "U64" or "C64" => (ElementType.Other, 64),
        "I32" or "U32" => (ElementType.Other, 32),
        "I16" or "U16" => (ElementType.Other, 16),
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => (ElementType.Other, 8),
        "F6_E2M3" or "F6_E3M2" => (ElementType.Other, 6),
        "F4" => (ElementType.Other, 4),
        _ => throw new ModelException($"{path}: tensor {name} has the unknown type \"{dtype}\"; Edge reads F16, BF16 and F32."),
    };

    /// <summary>Saturates: a product that does not fit matches no file.</summary>
    private static UInt128 BitCount(long[] dimensions, int elementBits)
    {
        UInt128 bits = (UInt128)elementBits;
        foreach (long dimension in dimensions)
        {
            bits *= (UInt128)dimension;
            if (bits > long.MaxValue)
            {
                return UInt128.MaxValue;
            }
        }

        return bits;
    }

    private static void RefuseGapsAndOverlaps(IEnumerable<TensorEntry> tensors, long dataStart, long fileBytes, string path)
    {
        long end = dataStart;
        foreach (var tensor in tensors.OrderBy(t => t.Offset).ThenBy(t => t.Length))
        {
            if (tensor.Offset != end)
            {
                string fault = tensor.Offset < end ? "overlaps the tensor before it" : $"leaves a gap of {tensor.Offset - end} bytes before it";
                throw new ModelException($"{path}: tensor {tensor.Name} {fault}; the file is damaged.");
            }

            end += tensor.Length;
        }

        if (end != fileBytes)
        {
            throw new ModelException($"{path} has {fileBytes - end} bytes after its last tensor; the file is damaged.");
        }
    }
}
