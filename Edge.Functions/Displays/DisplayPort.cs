using Edge.Functions.Buses;

namespace Edge.Functions.Displays;

/// <summary>How a display is wired.</summary>
public abstract record DisplayPort
{
    private DisplayPort()
    {
    }

    /// <summary>What nothing else may use: bus addresses and lines.</summary>
    public abstract IReadOnlyList<string> Parts { get; }

    /// <summary>An SSD1306 of 128 columns of pixels on I2C.</summary>
    /// <param name="Height">32 or 64 rows of pixels.</param>
    public sealed record Oled(BusAddress.I2c Address, int Height) : DisplayPort
    {
        public const int Width = 128;

        public override IReadOnlyList<string> Parts => [Address.ToString()];

        public override string ToString() => $"ssd1306 on {Address}";
    }

    /// <summary>An HD44780 behind a PCF8574 as these are sold: RS, RW, E, backlight on P0 to P3, D4 to D7 on P4 to P7.</summary>
    public sealed record Backpack(BusAddress.I2c Address) : DisplayPort
    {
        public override IReadOnlyList<string> Parts => [Address.ToString()];

        public override string ToString() => $"hd44780 on {Address}";
    }

    /// <summary>An HD44780 on six lines of a chip; its RW pin is tied to ground.</summary>
    /// <param name="Data">D4 to D7.</param>
    /// <param name="Backlight">Null where it is always on.</param>
    public sealed record Lines(string? Chip, int Rs, int Enable, IReadOnlyList<int> Data, int? Backlight) : DisplayPort
    {
        public IReadOnlyList<int> Offsets => [Rs, Enable, .. Data, .. Backlight is { } b ? [b] : Array.Empty<int>()];

        public override IReadOnlyList<string> Parts => [.. Offsets.Select(o => Chip is null ? FormattableString.Invariant($"line {o}") : FormattableString.Invariant($"line {o} of {Chip}"))];

        public override string ToString() => FormattableString.Invariant($"hd44780 on lines {string.Join(", ", Offsets)}{(Chip is null ? "" : " of " + Chip)}");
    }
}
