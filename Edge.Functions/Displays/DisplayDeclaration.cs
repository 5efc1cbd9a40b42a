using Edge.Functions.Buses;
using Edge.Functions.Settings;

namespace Edge.Functions.Displays;

/// <summary>A display as its owner declared it.</summary>
/// <param name="Columns">Of characters.</param>
/// <param name="Rows">Of characters.</param>
/// <param name="Shows">The names of the devices whose state it tells; empty for all that are exposed.</param>
/// <param name="Page">How long a page stands when there are several.</param>
public sealed record DisplayDeclaration(string Name, DisplayPort Port, int Columns, int Rows, IReadOnlyList<string> Shows, TimeSpan Page, string Place)
{
    private const int DisplaysMax = 8;
    private const int GlyphWidth = 6;
    private const int GlyphHeight = 8;

    public override string ToString() => $"{Name} ({Port})";

    /// <summary>Reads <c>displays:</c>.</summary>
    public static IReadOnlyList<DisplayDeclaration> Read(SettingsSection root)
    {
        var displays = new List<DisplayDeclaration>();
        foreach (var section in root.Sections("displays", DisplaysMax))
        {
            if (ReadOne(section) is not { } display)
            {
                continue;
            }

            if (displays.Exists(d => d.Name == display.Name))
            {
                section.Fault("name", $"is {display.Name}, as another display; names are unique, choose another");
            }
            else if (displays.Find(d => d.Port.Parts.Intersect(display.Port.Parts).Any()) is { } there)
            {
                section.Itself.Fault($"is wired to what {there.Name} has already ({there.Place}); choose another");
            }
            else
            {
                displays.Add(display);
            }
        }

        return displays;
    }

    private static DisplayDeclaration? ReadOne(SettingsSection section)
    {
        string name = section.RequiredText("name", "give the display a name", 48).Trim();
        section.RequiredText("kind", "use ssd1306 or hd44780");
        string kind = section.Choice("kind", "", "ssd1306", "hd44780");
        var shows = section.Texts("shows", 64);
        var page = section.Duration("page", TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        DisplayPort? port;
        int columns, rows;
        switch (kind)
        {
            case "ssd1306":
                int height = section.Choice("height", "64", "32", "64") == "32" ? 32 : 64;
                port = new DisplayPort.Oled(BusAddress.ReadI2c(section, 0x3C), height);
                (columns, rows) = (DisplayPort.Oled.Width / GlyphWidth, height / GlyphHeight);
                break;
            case "hd44780":
                columns = section.Integer("columns", 16, 8, 40);
                rows = section.Choice("rows", "2", "1", "2", "4") switch { "1" => 1, "4" => 4, _ => 2 };
                port = section.Has("rs") ? ReadLines(section) : new DisplayPort.Backpack(BusAddress.ReadI2c(section, 0x27));
                if (rows == 4 && columns > 20)
                {
                    section.Fault("columns", $"is {columns}, and a display of 4 rows has at most 20; give both as they are printed on it");
                }

                break;
            default:
                // Which keys belong here is not known without the kind.
                return null;
        }

        section.Done();
        return name.Length == 0 || port is null ? null : new DisplayDeclaration(name, port, columns, rows, shows, page, section.Itself.Place);
    }

    private static DisplayPort.Lines? ReadLines(SettingsSection section)
    {
        string? chip = section.OptionalText("chip", 64);
        int? rs = section.OptionalInteger("rs", 0, 1023);
        int? enable = section.OptionalInteger("enable", 0, 1023);
        int? backlight = section.OptionalInteger("backlight", 0, 1023);
        var data = section.Items("data", 8);
        if (enable is null)
        {
            section.Fault("enable", "is missing; give the line its E pin is wired to");
        }

        if (data.Count != 4)
        {
            section.Fault("data", $"has {data.Count} lines; give the four that D4 to D7 are wired to");
        }

        int[] offsets = [.. data.Select(d => d.Integer(0, 0, 1023))];
        if (rs is null || enable is null || offsets.Length != 4)
        {
            return null;
        }

        var port = new DisplayPort.Lines(chip, rs.Value, enable.Value, offsets, backlight);
        if (port.Offsets.Distinct().Count() != port.Offsets.Count)
        {
            section.Itself.Fault("names a line twice; each pin of the display has one of its own");
        }

        return port;
    }
}
