using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Edge.Runtime.Hosting.Journal;

/// <summary>
/// One log record as journald's native protocol has it: <c>NAME=value\n</c>, or for a value of several lines <c>NAME\n</c>, its length in
/// bytes as 64 bits, little-endian, the value and <c>\n</c>. Source: systemd, docs/JOURNAL_NATIVE_PROTOCOL.md.
/// </summary>
internal sealed class JournalRecord
{
    /// <summary>A longer value is cut, with a mark: one datagram must hold the record.</summary>
    public const int ValueBytesMax = 16 * 1024;

    /// <summary>A field that does not fit any more is left out and named. The kernel's usual limit for a datagram is about 200 KB.</summary>
    public const int RecordBytesMax = 64 * 1024;

    private const string LeftOut = "EDGE_LEFT_OUT";
    private const int NameCharsMax = 64;

    // The mark, two line ends, the length, and the name of what was left out.
    private const int Reserve = 256;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <param name="name">A–Z, 0–9 and _, beginning with a letter; at most 64 characters.</param>
    public void Add(string name, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        if (bytes.Length > ValueBytesMax)
        {
            bytes = Cut(bytes);
        }

        if (_bytes.WrittenCount + name.Length + bytes.Length + Reserve > RecordBytesMax)
        {
            if (_bytes.WrittenCount + Reserve <= RecordBytesMax)
            {
                Write(LeftOut, Encoding.ASCII.GetBytes(name));
            }

            return;
        }

        Write(name, bytes);
    }

    /// <summary>A structured value's field: <c>PrefillMs</c> → <c>EDGE_PREFILL_MS</c>.</summary>
    public static string NameOf(string key)
    {
        var name = new StringBuilder("EDGE");
        for (int i = 0; i < key.Length && name.Length < NameCharsMax - 1; i++)
        {
            char c = key[i];
            bool begins = i == 0 || (char.IsAsciiLetterUpper(c) && !char.IsAsciiLetterUpper(key[i - 1]));
            if (begins && name[^1] != '_')
            {
                name.Append('_');
            }

            name.Append(char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_');
        }

        return name.ToString();
    }

    private static byte[] Cut(byte[] bytes)
    {
        int length = ValueBytesMax;
        while ((bytes[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return [.. bytes.AsSpan(0, length), .. Encoding.UTF8.GetBytes($"… ({bytes.Length - length} bytes cut)")];
    }

    private void Write(string name, ReadOnlySpan<byte> value)
    {
        Encoding.ASCII.GetBytes(name, _bytes);
        if (value.Contains((byte)'\n'))
        {
            _bytes.Write("\n"u8);
            BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), (ulong)value.Length);
            _bytes.Advance(sizeof(ulong));
        }
        else
        {
            _bytes.Write("="u8);
        }

        _bytes.Write(value);
        _bytes.Write("\n"u8);
    }
}
