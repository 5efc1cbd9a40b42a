using Edge.Functions.Settings;

namespace Edge.Functions.Devices;

/// <summary>Reads <c>devices:</c> of edge.yaml.</summary>
public static class DeviceSettings
{
    public const int DevicesMax = 256;

    /// <summary>Longer names would fill the prompt.</summary>
    public const int NameLengthMax = 48;

    private static readonly string[] KindNames = [.. Enum.GetNames<DeviceKind>().Select(n => n.ToLowerInvariant())];

    /// <param name="root">The whole file.</param>
    /// <returns>The devices without fault; those with one are named in the section's faults.</returns>
    public static IReadOnlyList<DeviceDeclaration> Read(SettingsSection root)
    {
        var devices = new List<DeviceDeclaration>();
        var claims = new Claims();
        foreach (var section in root.Sections("devices", DevicesMax))
        {
            if (!section.IsPresent)
            {
                section.Itself.Fault("is empty; give it a name and a kind");
                continue;
            }

            if (ReadDevice(section) is { } device && claims.Accept(section, device))
            {
                devices.Add(device);
            }
        }

        return devices;
    }

    private static DeviceDeclaration? ReadDevice(SettingsSection section)
    {
        string name = section.RequiredText("name", "give the device a name, as you would say it", NameLengthMax).Trim();
        CheckName(section, "name", name);
        string? room = section.OptionalText("room", NameLengthMax)?.Trim();
        CheckName(section, "room", room ?? "");
        section.RequiredText("kind", $"use one of {string.Join(", ", KindNames)}");
        string kindName = section.Choice("kind", "", KindNames);
        bool expose = section.Bool("expose", true);
        if (!Enum.TryParse(kindName, ignoreCase: true, out DeviceKind kind))
        {
            // Which keys belong here is not known without the kind.
            return null;
        }

        var (wiring, limits) = WiringSettings.Read(section, kind);
        var rules = RuleSettings.Read(section, kind);
        section.Done();
        return wiring is null || name.Length == 0
            ? null
            : new DeviceDeclaration(name, room is "" ? null : room, kind, wiring, limits, expose, section.Value("name").Place) { Rules = rules };
    }

    /// <summary>Whether a device or a room may be called so.</summary>
    public static bool IsName(string name) => name.Trim().Length is > 0 and <= NameLengthMax && HasNameLetters(name);

    private static bool HasNameLetters(string name) => name.All(c => char.IsLetterOrDigit(c) || " _-'.".Contains(c, StringComparison.Ordinal));

    /// <summary>Names go into prompts and topics; what could end an enumeration there is not let in.</summary>
    private static void CheckName(SettingsSection section, string key, string name)
    {
        if (!HasNameLetters(name))
        {
            section.Fault(key, $"is \"{name.ReplaceLineEndings(" ")}\"; use letters, digits, spaces and _ - ' .");
        }
    }

    /// <summary>What only one device may have: a name, a line, a PWM channel.</summary>
    private sealed class Claims
    {
        private readonly Dictionary<string, DeviceDeclaration> _owners = new(StringComparer.OrdinalIgnoreCase);

        public bool Accept(SettingsSection section, DeviceDeclaration device)
        {
            bool named = Claim($"name {device.Name}", device, first => section.Fault("name", $"is {device.Name}, as the device in {first.Place}; names are unique, choose another"));
            return device.Wiring.Parts.All(part => Claim(part, device, first =>
                section.Itself.Fault($"uses {part}, which is taken by {first.Name} ({first.Place}); choose another"))) && named;
        }

        private bool Claim(string what, DeviceDeclaration device, Action<DeviceDeclaration> fault)
        {
            if (_owners.TryAdd(what, device))
            {
                return true;
            }

            fault(_owners[what]);
            return false;
        }
    }
}
