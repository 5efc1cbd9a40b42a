using System.Text;
using Iot.Device.Graphics;

namespace Edge.Functions.Displays;

/// <summary>Characters of 5 by 8 pixels, one blank column behind each: the bindings' font, which knows ASCII, and the degree sign.</summary>
internal static class Glyphs
{
    private const int Width = 5;
    private const int Height = 8;

    // Globalization is invariant here, so that the runtime takes no accents off.
    private const string Accented = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöøùúûüýÿąĄćĆčČďĎęĘěĚłŁńŃňŇřŘśŚšŠťŤůŮźŹżŻžŽőŐűŰşŞğĞıİßµ–’";
    private const string Bare = "AAAAAACEEEEIIIINOOOOOOUUUUYaaaaaaceeeeiiiinoooooouuuuyyaAcCcCdDeEeElLnNnNrRsSsStTuUzZzZzZoOuUsSgGiIsu-'";

    private static readonly Font5x8 Font = new();

    /// <summary>Draws a text into a page.</summary>
    /// <param name="columns">(pixels across); bit 0 is the topmost.</param>
    public static void Draw(string text, Span<byte> columns)
    {
        int left = 0;
        foreach (char c in Plain(text))
        {
            if (left + Width > columns.Length)
            {
                return;
            }

            for (int x = 0; x < Width; x++)
            {
                columns[left + x] = Column(c, x);
            }

            left += Width + 1;
        }
    }

    /// <summary>Letters without their accents, and a question mark for what the font does not have.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            int accented = Accented.IndexOf(c, StringComparison.Ordinal);
            plain.Append(c is (>= ' ' and <= '~') or '°' ? c : accented >= 0 ? Bare[accented] : '?');
        }

        return plain.ToString();
    }

    private static byte Column(char c, int x)
    {
        if (c == '°')
        {
            return x switch { 0 or 3 => 0b0110, 1 or 2 => 0b1001, _ => 0 };
        }

        // The font's rows have the leftmost pixel in bit 4.
        Font.GetCharData(c, out var rows);
        int column = 0;
        for (int y = 0; y < Height; y++)
        {
            column |= ((rows[y] >> (Width - 1 - x)) & 1) << y;
        }

        return (byte)column;
    }
}
