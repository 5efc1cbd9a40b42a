using Edge.Functions.Settings;

namespace Edge.Functions.Buses;

/// <summary>A part that gives more lines or more PWM channels, as its owner declared it.</summary>
/// <param name="Name">What devices call it: <c>line: {chip: relays, offset: 3}</c>, <c>pwm: {chip: servos, channel: 0}</c>.</param>
/// <param name="FrequencyHz">Of all its PWM channels.</param>
public sealed record Expander(string Name, ExpanderKind Kind, BusAddress.I2c Address, int FrequencyHz, string Place)
{
    /// <summary>How many; of a kind that gives the other, 0.</summary>
    public int LineCount => Kind switch
    {
        ExpanderKind.Mcp23017 => 16,
        ExpanderKind.Pcf8574 => 8,
        _ => 0,
    };

    public override string ToString() => $"{Name} ({Kind.ToString().ToLowerInvariant()} on {Address})";

    /// <summary>Reads <c>expanders:</c>.</summary>
    public static IReadOnlyList<Expander> Read(SettingsSection root)
    {
        var expanders = new List<Expander>();
        foreach (var section in root.Sections("expanders", 32))
        {
            string name = section.RequiredText("name", "give it a name that devices can use as their chip", 48);
            section.RequiredText("kind", "use one of mcp23017, pcf8574, pca9685");
            string kind = section.Choice("kind", "", "mcp23017", "pcf8574", "pca9685");
            var address = BusAddress.ReadI2c(section, kind == "pca9685" ? 0x40 : 0x20);
            int hz = kind == "pca9685" ? section.Integer("frequency", 50, 24, 1526) : 0;
            section.Done();
            if (!Fits(kind, address.Address))
            {
                section.Fault("address", $"cannot be that of a {kind}; use {(kind == "pca9685" ? "0x40 to 0x77" : kind == "mcp23017" ? "0x20 to 0x27" : "0x20 to 0x27, or 0x38 to 0x3f of a PCF8574A")}");
            }
            else if (expanders.Exists(e => e.Name == name))
            {
                section.Fault("name", $"is {name}, as another expander; names are unique, choose another");
            }
            else if (expanders.Find(e => e.Address == address) is { } there)
            {
                section.Fault("address", $"is where {there.Name} is already ({there.Place}); choose another");
            }
            else if (Enum.TryParse(kind, ignoreCase: true, out ExpanderKind known))
            {
                expanders.Add(new Expander(name, known, address, hz, section.Itself.Place));
            }
        }

        return expanders;
    }

    /// <summary>Their address pins. Sources: data sheets, device addressing.</summary>
    private static bool Fits(string kind, int address) => kind switch
    {
        "mcp23017" => address is >= 0x20 and <= 0x27,
        "pcf8574" => address is (>= 0x20 and <= 0x27) or (>= 0x38 and <= 0x3f),
        "pca9685" => address >= 0x40,
        _ => true,
    };
}

/// <summary>Which part.</summary>
public enum ExpanderKind
{
    /// <summary>16 lines.</summary>
    Mcp23017,

    /// <summary>8 lines, with weak pull-ups of its own.</summary>
    Pcf8574,

    /// <summary>16 PWM channels of 12 bits, all at one frequency.</summary>
    Pca9685,
}
