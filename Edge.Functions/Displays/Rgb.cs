using System.Globalization;

namespace Edge.Functions.Displays;

/// <summary>A colour of a light, 0 to 255 each.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static readonly Rgb Black;

    /// <summary>Those people name; white is warm enough for a room at a third of the power.</summary>
    private static readonly (string Name, Rgb Colour)[] Named =
    [
        ("red", new(255, 0, 0)), ("orange", new(255, 96, 0)), ("yellow", new(255, 200, 0)), ("green", new(0, 255, 0)), ("cyan", new(0, 255, 255)),
        ("blue", new(0, 0, 255)), ("purple", new(128, 0, 255)), ("pink", new(255, 64, 128)), ("white", new(255, 255, 255)), ("warm white", new(255, 160, 72)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Named.Select(n => n.Name)];

    /// <summary>A name, <c>#ff8000</c>, or <c>255,128,0</c>; null for anything else.</summary>
    public static Rgb? Parse(string text)
    {
        string plain = text.Trim().ToLowerInvariant();
        foreach (var (name, colour) in Named)
        {
            if (name == plain)
            {
                return colour;
            }
        }

        if (plain.Length == 7 && plain[0] == '#' && int.TryParse(plain.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int hex))
        {
            return new Rgb((byte)(hex >> 16), (byte)(hex >> 8), (byte)hex);
        }

        string[] parts = plain.Split(',');
        return parts.Length == 3 && Component(parts[0]) is { } r && Component(parts[1]) is { } g && Component(parts[2]) is { } b ? new Rgb(r, g, b) : null;
    }

    /// <param name="share">0 to 1.</param>
    public Rgb Times(double share) => new((byte)Math.Round(Red * share), (byte)Math.Round(Green * share), (byte)Math.Round(Blue * share));

    /// <summary>The full colour at an angle of the colour wheel: 0 is red, 1/3 green, 2/3 blue.</summary>
    public static Rgb OfHue(double turn)
    {
        double sixth = (turn - Math.Floor(turn)) * 6;
        byte up = (byte)Math.Round(255 * (sixth - Math.Floor(sixth)));
        byte down = (byte)(255 - up);
        return (int)sixth switch
        {
            0 => new(255, up, 0),
            1 => new(down, 255, 0),
            2 => new(0, 255, up),
            3 => new(0, down, 255),
            4 => new(up, 0, 255),
            _ => new(255, 0, down),
        };
    }

    /// <summary>Its name, or <c>#ff8000</c>.</summary>
    public override string ToString()
    {
        foreach (var (name, colour) in Named)
        {
            if (colour == this)
            {
                return name;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");
    }

    private static byte? Component(string text) =>
        byte.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out byte value) ? value : null;
}
