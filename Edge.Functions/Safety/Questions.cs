using System.Globalization;
using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Settings;

namespace Edge.Functions.Safety;

/// <summary>What has to be asked before a call is done: only about actions that leave a safe value. Pure.</summary>
internal static class Questions
{
    /// <summary>At most so many deeds are spelled out; the rest is counted.</summary>
    private const int DeedsMax = 6;

    /// <returns>Null where nobody needs to be asked.</returns>
    public static (string Text, bool IsPin)? Of(BoundCall call)
    {
        var asking = call.Actions.OfType<DeviceAction>().Where(a => Asks(a, call.IsDirect)).ToList();
        if (asking.Count == 0)
        {
            return null;
        }

        // A PIN for one of them is a PIN for all: the call is done as a whole or not at all.
        var deeds = asking.Select(Deed).Take(DeedsMax).ToList();
        string more = asking.Count > DeedsMax ? string.Create(CultureInfo.InvariantCulture, $" and {asking.Count - DeedsMax} more") : "";
        string text = string.Join(", ", deeds) + more;
        return ($"{char.ToUpperInvariant(text[0])}{text[1..]}?", asking.Any(a => a.Device.Rules.Confirm == Confirmation.Pin));
    }

    private static bool Asks(DeviceAction action, bool isDirect) => !ActionEffect.IsSafe(action) && action.Device.Rules.Confirm switch
    {
        Confirmation.Never => false,
        Confirmation.Sentence => !isDirect,
        _ => true,
    };

    private static string Deed(DeviceAction action) => action switch
    {
        DeviceAction.SwitchTo to => $"turn {(to.On ? "on" : "off")} {action.Device.Name}",
        DeviceAction.SetLevel to => string.Create(CultureInfo.InvariantCulture, $"set {action.Device.Name} to {to.Percent} %"),
        DeviceAction.OpenOrClose to => $"{(to.Open ? "open" : "close")} {action.Device.Name}",
        DeviceAction.MoveTo to => string.Create(CultureInfo.InvariantCulture, $"move {action.Device.Name} to {to.Percent} %"),
        DeviceAction.LockOrUnlock to => $"{(to.Lock ? "lock" : "unlock")} {action.Device.Name}",
        DeviceAction.TurnTo to => string.Create(CultureInfo.InvariantCulture, $"turn {action.Device.Name} to {to.Degrees:0.#} degrees"),
        DeviceAction.Pulse to => $"switch {action.Device.Name} for {DurationText.Format(to.For)}",
        _ => $"use {action.Device.Name}",
    };
}
