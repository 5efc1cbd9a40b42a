using System.Globalization;
using System.Text.Json;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Edge.Functions.Settings;

namespace Edge.Functions.Calls;

/// <summary>Fills a function's action templates with a call's arguments. Pure.</summary>
internal static class ActionPlanner
{
    private static readonly Dictionary<string, bool> SwitchWords = Words("on", "off");
    private static readonly Dictionary<string, bool> CoverWords = Words("open", "close", "opened", "closed");
    private static readonly Dictionary<string, bool> LockWords = Words("lock", "unlock", "locked", "unlocked");

    /// <param name="Denial">Null when the plan stands.</param>
    internal sealed record Planned(IReadOnlyList<HouseAction> Actions, Denial? Denial);

    public static Planned Plan(CatalogFunction function, IReadOnlyDictionary<string, JsonElement> arguments)
    {
        var actions = new List<HouseAction>();
        foreach (var template in function.Actions)
        {
            if (Fill(template, function, arguments, actions) is { } denial)
            {
                return new Planned([], denial);
            }
        }

        return new Planned(actions, null);
    }

    private static Denial? Fill(ActionTemplate template, CatalogFunction function, IReadOnlyDictionary<string, JsonElement> arguments, List<HouseAction> actions)
    {
        switch (template)
        {
            case ActionTemplate.Set set:
                return ForEach(set.Device, function, arguments, device => ToSet(device, Value(set.To, arguments)), actions);
            case ActionTemplate.Pulse pulse:
                return ForEach(pulse.Device, function, arguments, device => ToPulse(device, Value(pulse.For, arguments)), actions);
            case ActionTemplate.Beep beep:
                return ForEach(beep.Device, function, arguments, device => ToBeep(device, Value(beep.Times, arguments)), actions);
            case ActionTemplate.Tone tone:
                return ForEach(tone.Device, function, arguments, device => ToTone(device, Value(tone.Hz, arguments), Value(tone.For, arguments)), actions);
            case ActionTemplate.Read read:
                return ForEach(read.Device, function, arguments, device => new Step(device.Can(DeviceSkills.Measure) ? new DeviceAction.Measure(device) : new DeviceAction.ReadState(device)), actions);
            case ActionTemplate.Publish publish:
                return FillPublish(publish, arguments, actions);
            default:
                return new Denial("unknown-action", $"{function.Name} has an action of an unknown kind.");
        }
    }

    private static Denial? ForEach(Slot slot, CatalogFunction function, IReadOnlyDictionary<string, JsonElement> arguments, Func<DeviceDeclaration, Step> plan, List<HouseAction> actions)
    {
        var name = Value(slot, arguments);
        if (name.ValueKind != JsonValueKind.String || !function.Targets.TryGetValue(name.GetString()!, out var devices))
        {
            string? nearest = name.ValueKind == JsonValueKind.String ? NearestName.Find(name.GetString()!, function.Targets.Keys) : null;
            return new Denial("unknown-device", $"{Say(name)} is no device here; {(nearest is null ? "ask for one that edge.yaml declares." : $"did you mean {nearest}?")}");
        }

        foreach (var device in devices)
        {
            var step = plan(device);
            if (step.Denial is { } denial)
            {
                return denial;
            }

            actions.Add(step.Action!);
        }

        return null;
    }

    private static Step ToSet(DeviceDeclaration device, JsonElement to)
    {
        if (to.ValueKind == JsonValueKind.Number)
        {
            return ToNumber(device, to.GetDouble());
        }

        if (Truth(to) is { } truth)
        {
            return device switch
            {
                _ when device.Can(DeviceSkills.Switch) => new Step(new DeviceAction.SwitchTo(device, truth)),
                _ when device.Can(DeviceSkills.Open) => new Step(new DeviceAction.OpenOrClose(device, truth)),
                _ => Cannot(device, to),
            };
        }

        string word = to.ValueKind == JsonValueKind.String ? to.GetString()! : "";
        if (device.Can(DeviceSkills.Switch) && SwitchWords.TryGetValue(word, out bool on))
        {
            return new Step(new DeviceAction.SwitchTo(device, on));
        }

        if (device.Can(DeviceSkills.Open) && CoverWords.TryGetValue(word, out bool open))
        {
            return new Step(new DeviceAction.OpenOrClose(device, open));
        }

        if (NamedAction.Of(device, word) is { } named)
        {
            return new Step(named);
        }

        return device.Can(DeviceSkills.Lock) && LockWords.TryGetValue(word, out bool locked)
            ? new Step(new DeviceAction.LockOrUnlock(device, locked))
            : Cannot(device, to);
    }

    private static Step ToNumber(DeviceDeclaration device, double number)
    {
        if (device.Can(DeviceSkills.Turn))
        {
            return new Step(new DeviceAction.TurnTo(device, number));
        }

        if (number % 1 != 0 || number is < 0 or > 100)
        {
            return new Step(new Denial("out-of-range", string.Create(CultureInfo.InvariantCulture, $"{device.Name} cannot be set to {number}; use a whole number from 0 to 100.")));
        }

        return device switch
        {
            _ when device.Can(DeviceSkills.Level) => new Step(new DeviceAction.SetLevel(device, (int)number)),
            _ when device.Can(DeviceSkills.Position) => new Step(new DeviceAction.MoveTo(device, (int)number)),
            _ => new Step(new Denial("wrong-value", $"{device.Name} has no level; {WayOut(device)}.")),
        };
    }

    private static Step ToTone(DeviceDeclaration device, JsonElement hz, JsonElement length) =>
        hz.ValueKind != JsonValueKind.Number || !hz.TryGetInt32(out int frequency) || frequency < 1
            ? new Step(new Denial("out-of-range", $"{Say(hz)} is no tone; use a whole number of Hz from {device.Limits.ToneMin} to {device.Limits.ToneMax}."))
        : Duration(length) is not { } time
            ? new Step(new Denial("out-of-range", $"{Say(length)} is no duration; use milliseconds, or text as 500ms."))
        : new Step(new DeviceAction.Play(device, Melody.Tone(frequency, time)));

    private static TimeSpan? Duration(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.GetDouble() is >= 0 and <= 86_400_000 => TimeSpan.FromMilliseconds(value.GetDouble()),
        JsonValueKind.String => DurationText.Parse(value.GetString()!),
        _ => null,
    };

    private static Step ToPulse(DeviceDeclaration device, JsonElement value)
    {
        return Duration(value) is { } time
            ? new Step(new DeviceAction.Pulse(device, time))
            : new Step(new Denial("out-of-range", $"{Say(value)} is no duration; use milliseconds, or text as 500ms."));
    }

    private static Step ToBeep(DeviceDeclaration device, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 1 and <= 1000 and var times && times % 1 == 0
            ? new Step(new DeviceAction.Beep(device, (int)times))
            : new Step(new Denial("out-of-range", $"{Say(value)} is no count of beeps; use a whole number from 1 to {device.Limits.TimesMax}."));

    private static Denial? FillPublish(ActionTemplate.Publish publish, IReadOnlyDictionary<string, JsonElement> arguments, List<HouseAction> actions)
    {
        var planned = PayloadFiller.Fill(publish, arguments);
        if (planned.Denial is null)
        {
            actions.Add(planned.Action!);
        }

        return planned.Denial;
    }

    private static JsonElement Value(Slot slot, IReadOnlyDictionary<string, JsonElement> arguments) => slot switch
    {
        Slot.Fixed constant => constant.Value,
        Slot.Argument argument => arguments.GetValueOrDefault(argument.Name),
        _ => default,
    };

    private static bool? Truth(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static Step Cannot(DeviceDeclaration device, JsonElement to) =>
        new(new Denial("wrong-value", $"{device.Name} cannot be set to {Say(to)}; {WayOut(device)}."));

    private static string WayOut(DeviceDeclaration device) => device switch
    {
        _ when device.Can(DeviceSkills.Colour) => $"use on, off, 0 to 100, a color as {string.Join(", ", Rgb.Names)} or #ff8000, or an effect of {string.Join(", ", StripPicture.EffectNames)}",
        { Wiring: Wiring.Tone tone } => $"use a melody of {string.Join(", ", tone.Melodies.Select(m => m.Name))}",
        _ when device.Can(DeviceSkills.Level) => "use on, off, or 0 to 100",
        _ when device.Can(DeviceSkills.Switch) => "use on or off",
        _ when device.Can(DeviceSkills.Position) => "use open, close, or 0 to 100",
        _ when device.Can(DeviceSkills.Open) => "use open or close",
        _ when device.Can(DeviceSkills.Lock) => "use lock or unlock",
        _ when device.Can(DeviceSkills.Turn) => "use an angle in degrees",
        _ => "it can only be read or beep",
    };

    private static string Say(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "Nothing",
        _ when value.GetRawText() is { Length: <= 60 } text => text,
        _ => value.GetRawText()[..60] + "…",
    };

    private static Dictionary<string, bool> Words(params string[] trueThenFalse) => trueThenFalse
        .Select((word, i) => (word, i))
        .ToDictionary(x => x.word, x => x.i % 2 == 0, StringComparer.OrdinalIgnoreCase);

    /// <summary>An action, or why there is none.</summary>
    internal readonly record struct Step(HouseAction? Action, Denial? Denial)
    {
        public Step(HouseAction action)
            : this(action, null)
        {
        }

        public Step(Denial denial)
            : this(null, denial)
        {
        }
    }
}
