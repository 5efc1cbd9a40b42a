using Edge.Functions.Displays;

namespace Edge.Functions.Devices;

/// <summary>What a device does at a word of its own: a colour, an effect, a melody.</summary>
public static class NamedAction
{
    /// <returns>Null for a word the device does not know.</returns>
    public static DeviceAction? Of(DeviceDeclaration device, string word)
    {
        if (device.Can(DeviceSkills.Colour) && Rgb.Parse(word) is { } colour)
        {
            return new DeviceAction.SetColour(device, colour);
        }

        if (device.Can(DeviceSkills.Effect) && StripPicture.EffectOf(word) is { } effect)
        {
            return new DeviceAction.SetEffect(device, effect);
        }

        return MelodyOf(device, word) is { } melody ? new DeviceAction.Play(device, melody) : null;
    }

    private static Melody? MelodyOf(DeviceDeclaration device, string word) =>
        (device.Wiring as Wiring.Tone)?.Melodies.FirstOrDefault(m => string.Equals(m.Name, word, StringComparison.OrdinalIgnoreCase));
}
