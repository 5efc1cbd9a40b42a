using System.Buffers.Binary;

namespace Edge.Runtime.Tokens.Unicode;

/// <summary>
/// Canonical decompositions, compositions and combining classes, out of <c>canonical.bin</c>: two counts; (code point, first, second or 0) a
/// decomposition, bit 30 of the code point set where the pair composes again; (first, last, class) a run of marks; all int32, little endian.
/// Source: the Unicode Character Database, version 14.0.
/// </summary>
internal static class CanonicalData
{
    private const int Composes = 1 << 30;

    private static readonly Dictionary<int, (int First, int Second)> _decompositions = [];
    private static readonly Dictionary<long, int> _compositions = [];
    private static readonly Dictionary<int, byte> _classes = [];

    static CanonicalData()
    {
        using var stream = typeof(CanonicalData).Assembly.GetManifestResourceStream("canonical.bin")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        int at = 0;
        int decompositions = Next(), runs = Next();
        for (int i = 0; i < decompositions; i++)
        {
            int code = Next(), first = Next(), second = Next();
            _decompositions[code & ~Composes] = (first, second);
            if ((code & Composes) != 0)
            {
                _compositions[Key(first, second)] = code & ~Composes;
            }
        }

        for (int i = 0; i < runs; i++)
        {
            int first = Next(), last = Next(), value = Next();
            for (int code = first; code <= last; code++)
            {
                _classes[code] = (byte)value;
            }
        }

        int Next() => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 * at++));
    }

    /// <summary>0 for what is not a combining mark.</summary>
    public static byte ClassOf(int code) => _classes.GetValueOrDefault(code);

    public static bool TryDecompose(int code, out int first, out int second)
    {
        bool found = _decompositions.TryGetValue(code, out var pair);
        (first, second) = pair;
        return found;
    }

    public static bool TryCompose(int first, int second, out int code) => _compositions.TryGetValue(Key(first, second), out code);

    private static long Key(int first, int second) => ((long)first << 32) | (uint)second;
}
