using System.Text.Json;

namespace Edge.Functions.Catalog;

/// <summary>What a function does, with places for the call's arguments. Derived functions and the owner's own use the same few.</summary>
public abstract record ActionTemplate
{
    private ActionTemplate()
    {
    }

    /// <summary>
    /// A device to a value, by what the device is: <c>on</c>, <c>off</c>, true and false switch; <c>open</c> and <c>close</c>,
    /// <c>lock</c> and <c>unlock</c>; a number is a level or position in percent, or an angle in degrees; a colour, an effect, a melody by their names.
    /// </summary>
    public sealed record Set(Slot Device, Slot To) : ActionTemplate;

    /// <param name="For">Milliseconds as a number, or a duration as text (<c>500ms</c>).</param>
    public sealed record Pulse(Slot Device, Slot For) : ActionTemplate;

    public sealed record Beep(Slot Device, Slot Times) : ActionTemplate;

    /// <summary>A single tone.</summary>
    /// <param name="For">Milliseconds as a number, or a duration as text (<c>500ms</c>).</param>
    public sealed record Tone(Slot Device, Slot Hz, Slot For) : ActionTemplate;

    /// <summary>A sensor's number, or a device's state.</summary>
    public sealed record Read(Slot Device) : ActionTemplate;

    /// <summary>An MQTT message.</summary>
    /// <param name="Topic">Text with <c>{argument}</c> in it.</param>
    /// <param name="Payload">Text with <c>{argument}</c> in it, or JSON whose texts may be one.</param>
    public sealed record Publish(string Topic, JsonElement Payload, bool Retain) : ActionTemplate;
}
