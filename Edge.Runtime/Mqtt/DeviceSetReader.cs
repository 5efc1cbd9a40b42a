using System.Globalization;
using System.Text;
using System.Text.Json;
using Edge.Functions.Devices;
using Edge.Functions.Displays;

namespace Edge.Runtime.Mqtt;

/// <summary>Reads what is to be set: a word or a number, or JSON with <c>state</c> or <c>value</c>. Pure; whether it may be done is the gate's to say.</summary>
internal static class DeviceSetReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a payload for a device.</summary>
    public static SetReading Read(DeviceDeclaration device, ReadOnlyMemory<byte> payload)
    {
        string? id = null;
        try
        {
            string text = Utf8.GetString(payload.Span).Trim();
            if (!text.StartsWith('{'))
            {
                return Judge(device, text, null, null);
            }

            using var document = JsonDocument.Parse(text, Strict);
            var root = document.RootElement;
            id = Text(root, "id");
            string? state = Text(root, "state");
            string? token = Text(root, "token");
            string? value = Number(root, "value");
            string? named = Text(root, "color") ?? Text(root, "effect");

            // {"state":"on","value":40} is a level of 40; {"state":"off","value":40} is off.
            bool isOff = string.Equals(state, "off", StringComparison.OrdinalIgnoreCase);
            return Judge(device, isOff ? "off" : value ?? named ?? state ?? "", id, token);
        }
        catch (Exception fault) when (fault is JsonException or DecoderFallbackException or FormatException or InvalidOperationException)
        {
            return new SetReading(id, null, $"What {device.Name} was to be set to cannot be read; send {Ways(device)}, or JSON {{\"state\":…}} or {{\"value\":…}} in UTF-8.");
        }
    }

    /// <summary>What may be sent to a device, for messages.</summary>
    public static string Ways(DeviceDeclaration device)
    {
        var ways = new List<string>();
        Add(DeviceSkills.Switch, "on, off");
        Add(DeviceSkills.Open, "open, close");
        Add(DeviceSkills.Lock, "lock, unlock");
        Add(DeviceSkills.Level, $"{device.Limits.LevelMin} to {device.Limits.LevelMax}");
        Add(DeviceSkills.Position, "0 to 100");
        Add(DeviceSkills.Turn, string.Create(CultureInfo.InvariantCulture, $"{device.Limits.DegreesMin} to {device.Limits.DegreesMax}"));
        Add(DeviceSkills.Colour, $"a color as red or #ff8000, an effect of {string.Join(", ", StripPicture.EffectNames)}");
        Add(DeviceSkills.Beep, $"beep, or 1 to {device.Limits.TimesMax}");
        Add(DeviceSkills.Play, $"a melody of {string.Join(", ", (device.Wiring as Wiring.Tone)?.Melodies.Select(m => m.Name) ?? [])}");
        return ways.Count == 0 ? "nothing, it only measures" : string.Join(", ", ways);

        void Add(DeviceSkills skill, string way)
        {
            if (device.Can(skill))
            {
                ways.Add(way);
            }
        }
    }

    private static SetReading Judge(DeviceDeclaration device, string text, string? id, string? token) =>
        ActionOf(device, text) is { } action
            ? new SetReading(id, action, null, token)
            : new SetReading(id, null, $"{device.Name} cannot be set to \"{(text.Length <= 40 ? text : text[..40] + "…")}\"; send {Ways(device)}.");

    private static DeviceAction? ActionOf(DeviceDeclaration device, string text) => text.ToUpperInvariant() switch
    {
        "ON" or "OFF" when device.Can(DeviceSkills.Switch) => new DeviceAction.SwitchTo(device, text.Length == 2),
        "OPEN" or "CLOSE" when device.Can(DeviceSkills.Open) => new DeviceAction.OpenOrClose(device, text.Length == 4),
        "LOCK" or "UNLOCK" when device.Can(DeviceSkills.Lock) => new DeviceAction.LockOrUnlock(device, text.Length == 4),
        "BEEP" when device.Can(DeviceSkills.Beep) => new DeviceAction.Beep(device, 1),
        _ when NamedAction.Of(device, text) is { } named => named,
        _ => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? Set(device, number)
            : null,
    };

    private static DeviceAction? Set(DeviceDeclaration device, double number)
    {
        if (device.Can(DeviceSkills.Turn))
        {
            return new DeviceAction.TurnTo(device, number);
        }

        if (Math.Abs(number) > 10_000)
        {
            return null;
        }

        int whole = (int)Math.Round(number);
        return device.Can(DeviceSkills.Level) ? new DeviceAction.SetLevel(device, whole)
            : device.Can(DeviceSkills.Position) ? new DeviceAction.MoveTo(device, whole)
            : device.Can(DeviceSkills.Beep) ? new DeviceAction.Beep(device, whole)
            : null;
    }

    private static string? Text(JsonElement root, string field) => !root.TryGetProperty(field, out var value) ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= CommandReader.IdCharsMax } text && !text.Any(char.IsControl) ? text
        : throw new FormatException();

    private static string? Number(JsonElement root, string field) => !root.TryGetProperty(field, out var value) ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture)
        : throw new FormatException();
}

/// <summary>What a message to a device turned out to be.</summary>
/// <param name="Id">The sender's; null for none.</param>
/// <param name="Action">Null when there is a <paramref name="Refusal"/>.</param>
/// <param name="Token">A PIN, or the token of a question; null for none.</param>
internal sealed record SetReading(string? Id, DeviceAction? Action, string? Refusal, string? Token = null);
