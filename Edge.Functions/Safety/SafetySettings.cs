using Edge.Functions.Devices;
using Edge.Functions.Settings;

namespace Edge.Functions.Safety;

/// <summary>Reads <c>safety:</c> of edge.yaml, and checks what devices require of each other.</summary>
public static class SafetySettings
{
    private const int InterlocksMax = 64;
    private const int PinDigitsMin = 4;
    private const int PinDigitsMax = 12;

    /// <summary>Relays and contactors let go in some tens of milliseconds.</summary>
    private static readonly TimeSpan DwellMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DwellDefault = TimeSpan.FromMilliseconds(500);

    public static SafetyRules Read(SettingsSection root, IReadOnlyList<DeviceDeclaration> devices)
    {
        var safety = root.Section("safety");
        var usual = SafetyRules.Default;
        var second = TimeSpan.FromSeconds(1);
        var rules = new SafetyRules(
            safety.Integer("actionsMax", usual.ActionsMax, 1, 1024),
            ReadInterlocks(safety, devices),
            safety.Duration("confirmTime", usual.ConfirmTime, 5 * second, 600 * second),
            ReadPin(safety),
            ReadResponse(safety, "onBrokerLost", usual.BrokerLost),
            safety.Duration("brokerLostAfter", usual.BrokerLostAfter, second, TimeSpan.FromHours(24)),
            ReadResponse(safety, "onModelFault", usual.ModelFault),
            safety.Number("temperatureMax", usual.TemperatureMax, 40, 110));
        safety.Done();
        RequirementCheck.Faults(devices, root.Itself.Faults);
        if (rules.Pin is null && devices.FirstOrDefault(d => d.Rules.Confirm == Confirmation.Pin) is { } device)
        {
            safety.Fault("pin", $"is missing, and {device.Name} asks for it ({device.Place}); set {PinDigitsMin} to {PinDigitsMax} digits in quotes");
        }

        return rules;
    }

    private static TroubleResponse ReadResponse(SettingsSection safety, string key, TroubleResponse usual) =>
        safety.Choice(key, usual.ToString().ToLowerInvariant(), "keep", "safe") == "safe" ? TroubleResponse.Safe : TroubleResponse.Keep;

    private static string? ReadPin(SettingsSection safety)
    {
        string? pin = safety.OptionalText("pin", 64)?.Trim();
        if (pin is not null && (pin.Length is < PinDigitsMin or > PinDigitsMax || !pin.All(char.IsAsciiDigit)))
        {
            // The value is a secret: it is not repeated.
            safety.Fault("pin", $"is not a PIN; use {PinDigitsMin} to {PinDigitsMax} digits in quotes");
            return null;
        }

        return pin;
    }

    private static List<Interlock> ReadInterlocks(SettingsSection safety, IReadOnlyList<DeviceDeclaration> devices)
    {
        var interlocks = new List<Interlock>();
        foreach (var section in safety.Sections("interlocks", InterlocksMax))
        {
            var members = ReadMembers(section, devices);
            var dwell = section.Duration("dwell", DwellDefault, DwellMin, TimeSpan.FromHours(1));
            section.Done();
            if (members.Distinct().Count() < 2)
            {
                section.Fault("devices", "names fewer than two devices; an interlock needs at least two");
            }

            if (members.Find(IsSafeOn) is { } safeOn)
            {
                // Returning to the safe value needs no permit, so it must never be what the interlock forbids.
                section.Fault("devices", $"names {safeOn.Name}, whose safe value is on; what is interlocked rests off");
            }

            interlocks.Add(new Interlock(members, dwell, section.Itself.Place));
        }

        return interlocks;
    }

    private static List<DeviceDeclaration> ReadMembers(SettingsSection section, IReadOnlyList<DeviceDeclaration> devices)
    {
        var members = new List<DeviceDeclaration>();
        foreach (string name in section.Texts("devices"))
        {
            if (devices.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase) && CanLock(d)) is { } device)
            {
                members.Add(device);
                continue;
            }

            string? nearest = NearestName.Find(name, devices.Where(CanLock).Select(d => d.Name));
            section.Fault("devices", $"names {name}, which is no device that switches or moves; {(nearest is null ? "declare it under devices" : $"did you mean {nearest}?")}");
        }

        return members;
    }

    private static bool CanLock(DeviceDeclaration device) =>
        (device.Skills & (DeviceSkills.Switch | DeviceSkills.Level | DeviceSkills.Open | DeviceSkills.Lock)) != 0;

    private static bool IsSafeOn(DeviceDeclaration device) => device.Wiring is Wiring.Output { SafeActive: true } or Wiring.Level { SafePercent: > 0 };
}
