using System.Numerics;

namespace Edge.Runtime.Grammars;

/// <summary>A set of byte values, 256 bits.</summary>
internal readonly record struct ByteSet(ulong A, ulong B, ulong C, ulong D)
{
    public static readonly ByteSet None;

    public bool IsEmpty => (A | B | C | D) == 0;

    public static ByteSet Of(byte value) => Range(value, value);

    public static ByteSet Range(int first, int last)
    {
        Span<ulong> words = stackalloc ulong[4];
        for (int i = first; i <= last; i++)
        {
            words[i >> 6] |= 1UL << (i & 63);
        }

        return new ByteSet(words[0], words[1], words[2], words[3]);
    }

    public bool Contains(int value) => (Word(value >> 6) >> (value & 63) & 1) != 0;

    public ByteSet Or(in ByteSet o) => new(A | o.A, B | o.B, C | o.C, D | o.D);

    /// <summary>Bit <c>i</c> is set where membership of <c>i</c> differs from that of <c>i - 1</c>: the places at which a partition must be cut.</summary>
    public ByteSet Cuts()
    {
        // Shift the whole 256-bit number left by one and compare with itself.
        return new ByteSet(
            A ^ (A << 1),
            B ^ (B << 1 | A >> 63),
            C ^ (C << 1 | B >> 63),
            D ^ (D << 1 | C >> 63));
    }

    /// <summary>The smallest member that is at least <paramref name="from"/>, or 256.</summary>
    public int Next(int from)
    {
        for (int word = from >> 6; word < 4; word++)
        {
            ulong bits = Word(word);
            if (word == from >> 6)
            {
                bits &= ulong.MaxValue << (from & 63);
            }

            if (bits != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return 256;
    }

    private ulong Word(int index) => index switch { 0 => A, 1 => B, 2 => C, _ => D };
}
