namespace Edge.Functions.Devices;

/// <summary>Another device must stand so before this one may leave its safe value, and as long as it has left it.</summary>
/// <param name="Device">Its name.</param>
/// <param name="State">The state's word: <c>open</c>, <c>on</c>, <c>closed</c>.</param>
public sealed record Requirement(string Device, string State);

/// <summary>When a device may be driven; the gate keeps these.</summary>
/// <param name="ChangeInterval">From one change to the next; zero for none.</param>
/// <param name="ChangesMax">In a minute.</param>
/// <param name="Class">What could go wrong with it.</param>
/// <param name="Confirm">Whether somebody is asked first.</param>
/// <param name="Requires">What must stand how.</param>
public sealed record DeviceRules(
    TimeSpan ChangeInterval,
    int ChangesMax,
    DeviceClass Class,
    Confirmation Confirm,
    IReadOnlyList<Requirement> Requires)
{
    /// <summary>Two a second: more than people ask for, less than a relay dies of.</summary>
    public const int ChangesMaxDefault = 120;

    public static readonly DeviceRules None = new(TimeSpan.Zero, ChangesMaxDefault, DeviceClass.Plain, Confirmation.Never, []);

    /// <summary>Locks, doors, gates and heaters ask, unless the owner says otherwise.</summary>
    public static Confirmation ConfirmDefault(DeviceClass of) =>
        of is DeviceClass.Lock or DeviceClass.Door or DeviceClass.Gate or DeviceClass.Heater ? Confirmation.Always : Confirmation.Never;
}
