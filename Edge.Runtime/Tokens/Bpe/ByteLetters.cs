namespace Edge.Runtime.Tokens.Bpe;

/// <summary>
/// The letters that byte-level vocabularies write bytes with: printable bytes of Latin-1 stand for themselves, the others for U+0100 and on.
/// Source: Radford et al. 2019, GPT-2, and its published encoder.
/// </summary>
internal static class ByteLetters
{
    private static readonly char[] _letters = CreateLetters();
    private static readonly short[] _bytes = CreateBytes();

    public static char LetterOf(byte value) => _letters[value];

    /// <summary>The bytes that a token's name stands for; null when it holds another letter.</summary>
    public static byte[]? BytesOf(string name)
    {
        byte[] bytes = new byte[name.Length];
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] >= _bytes.Length || _bytes[name[i]] < 0)
            {
                return null;
            }

            bytes[i] = (byte)_bytes[name[i]];
        }

        return bytes;
    }

    private static char[] CreateLetters()
    {
        char[] letters = new char[256];
        char next = '\u0100';
        for (int value = 0; value < letters.Length; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            letters[value] = printable ? (char)value : next++;
        }

        return letters;
    }

    private static short[] CreateBytes()
    {
        short[] bytes = new short[0x180];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < _letters.Length; value++)
        {
            bytes[_letters[value]] = (short)value;
        }

        return bytes;
    }
}
