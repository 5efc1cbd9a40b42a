using Edge.Functions.Settings;

namespace Edge.Functions.Devices;

/// <summary>Reads a device's rules: <c>changeInterval</c>, <c>changesPerMinute</c>, <c>class</c>, <c>confirm</c>, <c>requires</c>.</summary>
internal static class RuleSettings
{
    private const int RequirementsMax = 8;

    private static readonly string[] ClassNames = [.. Enum.GetNames<DeviceClass>().Select(n => n.ToLowerInvariant())];

    public static DeviceRules Read(SettingsSection device, DeviceKind kind)
    {
        if (kind is DeviceKind.Sensor or DeviceKind.Contact or DeviceKind.Button or DeviceKind.Motion or DeviceKind.Rotary)
        {
            return DeviceRules.None;
        }

        string className = device.Choice("class", kind == DeviceKind.Lock ? "lock" : "plain", ClassNames);
        var own = Enum.Parse<DeviceClass>(className, ignoreCase: true);
        return new DeviceRules(
            device.Duration("changeInterval", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(1)),
            device.Integer("changesPerMinute", DeviceRules.ChangesMaxDefault, 1, 6000),
            own,
            ReadConfirm(device, own),
            ReadRequires(device));
    }

    private static Confirmation ReadConfirm(SettingsSection device, DeviceClass own) =>
        device.Choice("confirm", "", "", "never", "sentence", "always", "pin", "true", "false") switch
        {
            "never" or "false" => Confirmation.Never,
            "sentence" => Confirmation.Sentence,
            "always" or "true" => Confirmation.Always,
            "pin" => Confirmation.Pin,
            _ => DeviceRules.ConfirmDefault(own),
        };

    /// <summary><c>requires: {valve: open}</c>.</summary>
    private static List<Requirement> ReadRequires(SettingsSection device)
    {
        var section = device.Section("requires");
        var requirements = new List<Requirement>();
        foreach (string name in section.Keys.Take(RequirementsMax))
        {
            string state = section.RequiredText(name, "say how it must stand, for example open", 16).Trim().ToLowerInvariant();
            // YAML takes a bare "on" for true in other readers; here it is the word it looks like.
            requirements.Add(new Requirement(name, state));
        }

        section.Done();
        return requirements;
    }
}
