using Edge.Functions.Audit;
using Edge.Functions.Buses;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Edge.Functions.Gpio;
using Edge.Functions.Safety;
using Edge.Functions.Settings;

namespace Edge.Functions;

/// <summary>The part of edge.yaml that describes the house: <c>gpio</c>, <c>sysfs</c>, <c>devices</c>, <c>functions</c>, <c>hardware</c>, <c>safety</c>, <c>audit</c>.</summary>
/// <param name="SysfsRoot">Where the kernel shows its devices; another folder in tests.</param>
/// <param name="ReadDeadline">How long one measurement may take.</param>
/// <param name="PublishDeadline">How long the broker may take to accept a message.</param>
/// <param name="PollInterval">How often sensors are measured without being asked.</param>
public sealed record HouseSettings(
    GpioSettings Gpio,
    string SysfsRoot,
    IReadOnlyList<DeviceDeclaration> Devices,
    IReadOnlyList<CatalogFunction> Functions,
    TimeSpan ReadDeadline,
    TimeSpan PublishDeadline,
    TimeSpan PollInterval)
{
    /// <summary>Chips on buses that give more lines and PWM channels.</summary>
    public IReadOnlyList<Expander> Expanders { get; init; } = [];

    /// <summary>Show the last reply and the states.</summary>
    public IReadOnlyList<DisplayDeclaration> Displays { get; init; } = [];

    public SafetyRules Safety { get; init; } = SafetyRules.Default;

    public AuditSettings Audit { get; init; } = AuditSettings.Default;

    /// <summary>Those of <see cref="Functions"/> that the owner wrote.</summary>
    public IReadOnlyList<CatalogFunction> OwnersFunctions { get; init; } = [];

    /// <summary>Reads the house's sections; the caller reads the others and then calls <c>root.Done()</c>.</summary>
    public static HouseSettings Read(SettingsSection root)
    {
        var gpio = GpioSettings.Read(root.Section("gpio"));
        string sysfs = root.Text("sysfs", "/sys");
        var devices = DeviceSettings.Read(root);
        var derived = DerivedFunctions.Of(devices);
        var own = OwnFunctions.Read(root, devices, derived.Select(f => f.Name));
        var hardware = root.Section("hardware");
        var second = TimeSpan.FromSeconds(1);
        var settings = new HouseSettings(
            gpio,
            sysfs,
            devices,
            [.. derived, .. own],
            hardware.Duration("readDeadline", 2 * second, 0.05 * second, 60 * second),
            hardware.Duration("publishDeadline", 5 * second, 0.05 * second, 60 * second),
            hardware.Duration("pollInterval", 30 * second, second, TimeSpan.FromHours(1)))
        {
            OwnersFunctions = own,
            Expanders = Expander.Read(root),
            Displays = DisplayDeclaration.Read(root),
            Safety = SafetySettings.Read(root, devices),
            Audit = AuditSettings.Read(root.Section("audit")),
        };
        hardware.Done();
        SharedParts.Check(settings, root);
        return settings;
    }
}
