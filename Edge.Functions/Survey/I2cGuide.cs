namespace Edge.Functions.Survey;

/// <summary>What usually answers at an address: the parts that Edge knows, by their data sheets' address pins.</summary>
internal static class I2cGuide
{
    private static readonly (int First, int Last, string Kinds, string Line)[] Parts =
    [
        (0x20, 0x27, "mcp23017 or pcf8574", "expanders: [{name: relays, kind: mcp23017, bus: BUS, address: ADDRESS}]"),
        (0x23, 0x23, "bh1750", "part: {kind: bh1750, bus: BUS, address: ADDRESS}"),
        (0x29, 0x29, "vl53l0x", "part: {kind: vl53l0x, bus: BUS, address: ADDRESS}"),
        (0x38, 0x3b, "pcf8574a", "expanders: [{name: leds, kind: pcf8574, bus: BUS, address: ADDRESS}]"),
        (0x27, 0x27, "hd44780 display (or mcp23017, pcf8574)", "displays: [{name: panel, kind: hd44780, bus: BUS, address: ADDRESS}]"),
        (0x3c, 0x3d, "ssd1306 display", "displays: [{name: panel, kind: ssd1306, bus: BUS, address: ADDRESS}]"),
        (0x3e, 0x3e, "pcf8574a", "expanders: [{name: leds, kind: pcf8574, bus: BUS, address: ADDRESS}]"),
        (0x3f, 0x3f, "hd44780 display (or pcf8574a)", "displays: [{name: panel, kind: hd44780, bus: BUS, address: ADDRESS}]"),
        (0x40, 0x40, "pca9685 or ina219", "expanders: [{name: servos, kind: pca9685, bus: BUS, address: ADDRESS}]"),
        (0x41, 0x43, "ina219", "part: {kind: ina219, bus: BUS, address: ADDRESS, channel: current}"),
        (0x44, 0x45, "sht3x or ina219", "part: {kind: sht3x, bus: BUS, address: ADDRESS}"),
        (0x48, 0x4b, "ads1115", "part: {kind: ads1115, bus: BUS, address: ADDRESS, channel: ain0}"),
        (0x5c, 0x5c, "bh1750", "part: {kind: bh1750, bus: BUS, address: ADDRESS}"),
        (0x76, 0x77, "bme280, bmp280 or bme680", "part: {kind: bme280, bus: BUS, address: ADDRESS}"),
    ];

    public static Finding At(int bus, int address)
    {
        string where = FormattableString.Invariant($"bus {bus} address 0x{address:x2}");
        foreach (var (first, last, kinds, line) in Parts)
        {
            // The bh1750 stands within the expanders' range; an exact entry is worth more.
            bool exact = first == last || !Parts.Any(p => p.First == p.Last && p.First == address);
            if (address >= first && address <= last && exact)
            {
                string filled = line.Replace("BUS", FormattableString.Invariant($"{bus}"), StringComparison.Ordinal).Replace("ADDRESS", FormattableString.Invariant($"0x{address:x2}"), StringComparison.Ordinal);
                return new Finding("i2c", $"{where} answers, perhaps a {kinds}", filled.Length > 0 ? filled : null);
            }
        }

        return new Finding("i2c", $"{where} answers");
    }
}
