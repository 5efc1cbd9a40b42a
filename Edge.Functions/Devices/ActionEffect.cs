using Edge.Functions.Displays;

namespace Edge.Functions.Devices;

/// <summary>What an action would make of a device. Pure.</summary>
public static class ActionEffect
{
    /// <summary>Whether it brings the device to its safe value and lets it rest there; what is not known is not safe.</summary>
    public static bool IsSafe(DeviceAction action) => (action, action.Device.Wiring) switch
    {
        (DeviceAction.Measure or DeviceAction.ReadState, _) => true,
        (DeviceAction.SwitchTo to, Wiring.Output output) => to.On == output.SafeActive,
        (DeviceAction.OpenOrClose to, Wiring.Output output) => to.Open == output.SafeActive,
        (DeviceAction.LockOrUnlock to, Wiring.Output output) => to.Lock != output.SafeActive,
        (DeviceAction.SwitchTo to, Wiring.Level level) => !to.On && level.SafePercent == 0,
        (DeviceAction.SwitchTo to, Wiring.Strip) => !to.On,
        (DeviceAction.SetLevel to, Wiring.Strip) => to.Percent == 0,
        (DeviceAction.SetLevel to, Wiring.Level level) => to.Percent == level.SafePercent,
        (DeviceAction.SwitchTo to, Wiring.Remote or Wiring.Board) => !to.On,
        (DeviceAction.SetLevel to, Wiring.Remote or Wiring.Board) => to.Percent == 0,
        (DeviceAction.OpenOrClose to, Wiring.Remote or Wiring.Board) => !to.Open,
        (DeviceAction.LockOrUnlock to, Wiring.Remote or Wiring.Board) => to.Lock,
        _ => false,
    };

    /// <summary>Whether the device draws power, moves or stands open afterwards: what an interlock is about.</summary>
    public static bool Activates(DeviceAction action) => action switch
    {
        { Moves: false } => false,
        DeviceAction.SwitchTo to => to.On,
        DeviceAction.SetLevel to => to.Percent > 0,
        DeviceAction.LockOrUnlock to => !to.Lock,
        DeviceAction.OpenOrClose { Device.Wiring: not Wiring.TwoWay } to => to.Open,
        _ => true,
    };

    /// <summary>Whether a device in that state does so now; a state nobody measured counts as active.</summary>
    public static bool IsActive(DeviceDeclaration device, DeviceState state) => state.Word switch
    {
        "off" or "closed" or "locked" => false,
        // A motor that stands still is off, wherever the cover is.
        "open" or "unknown" when device.Wiring is Wiring.TwoWay => false,
        _ => true,
    };

    /// <summary>Whether the device stands so already: doing it again is no change.</summary>
    public static bool IsNoChange(DeviceAction action, DeviceState state) => action switch
    {
        DeviceAction.SwitchTo to => state.Word == (to.On ? "on" : "off"),
        DeviceAction.SetLevel to => state.Value == to.Percent,
        DeviceAction.LockOrUnlock to => state.Word == (to.Lock ? "locked" : "unlocked"),
        DeviceAction.OpenOrClose { Device.Wiring: not Wiring.TwoWay } to => state.Word == (to.Open ? "open" : "closed"),
        DeviceAction.TurnTo to => state.Value == to.Degrees,
        DeviceAction.SetColour to => state.Word == "on" && state.Colour == to.Colour,
        DeviceAction.SetEffect to => state.Word == "on" && state.Effect == StripPicture.EffectNames[(int)to.Effect],
        _ => false,
    };

    /// <summary>How the device will stand at once when the action is done; null when that takes time or ends by itself.</summary>
    public static DeviceState? After(DeviceAction action) => action switch
    {
        DeviceAction.SwitchTo to => DeviceState.Switched(to.On),
        DeviceAction.SetLevel to => DeviceState.Level(to.Percent),
        DeviceAction.SetColour or DeviceAction.SetEffect => DeviceState.Switched(true),
        DeviceAction.LockOrUnlock to => new DeviceState(to.Lock ? "locked" : "unlocked"),
        DeviceAction.OpenOrClose { Device.Wiring: not Wiring.TwoWay } to => new DeviceState(to.Open ? "open" : "closed"),
        _ => null,
    };
}
