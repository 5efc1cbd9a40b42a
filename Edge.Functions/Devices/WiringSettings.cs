using Edge.Functions.Buses;
using Edge.Functions.Devices.Remote;
using Edge.Functions.Displays;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;
using Edge.Functions.Sensors;
using Edge.Functions.Settings;

namespace Edge.Functions.Devices;

/// <summary>Reads how a device of a kind is wired and how far it may be driven.</summary>
internal static class WiringSettings
{
    /// <summary>Offsets on the biggest chips libgpiod knows.</summary>
    private const int OffsetMax = 1023;

    private const int ChannelMax = 63;
    private const int MelodiesMax = 16;

    /// <summary>Contacts bounce for 1 to 10 ms, worn ones longer.</summary>
    private static readonly TimeSpan DebounceDefault = TimeSpan.FromMilliseconds(20);

    /// <summary>Enough for an eye, and little work.</summary>
    private const int SoftwareHz = 100;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static (Wiring? Wiring, DeviceLimits Limits) Read(SettingsSection device, DeviceKind kind) => kind switch
    {
        _ when device.Has("mqtt") => RemoteSettings.Read(device, kind),
        DeviceKind.Light or DeviceKind.Switch or DeviceKind.Lock => ReadOutput(device, kind),
        DeviceKind.Dimmer => ReadLevel(device, 1000),
        DeviceKind.Fan => device.Has("pwm") ? ReadLevel(device, 25_000) : ReadOutput(device, kind),
        DeviceKind.Cover => device.Has("line") ? ReadOutput(device, kind) : ReadTwoWay(device),
        DeviceKind.Servo => ReadServo(device),
        DeviceKind.Strip => ReadStrip(device),
        DeviceKind.Stepper => ReadStepper(device),
        DeviceKind.Buzzer => ReadBuzzer(device),
        DeviceKind.Rotary => ReadRotary(device),
        DeviceKind.Sensor => (new Wiring.Measuring(SensorDeclaration.Read(device)), new DeviceLimits()),
        _ => ReadInput(device, kind),
    };

    private static (Wiring?, DeviceLimits) ReadOutput(SettingsSection device, DeviceKind kind)
    {
        var line = Line(device, "line");
        bool activeLow = device.Bool("activeLow", false);
        bool safe = Safe(device, kind);
        var feedback = ReadFeedback(device);
        var (drive, bias) = ReadDrive(device);
        return (line is null ? null : new Wiring.Output(line, activeLow, safe, feedback) { Drive = drive, Bias = bias }, new DeviceLimits(PulseMax: PulseMax(device), OnMax: OnMax(device)));
    }

    private static (LineDrive, LineBias) ReadDrive(SettingsSection device)
    {
        var drive = device.Choice("drive", "push-pull", "push-pull", "open-drain", "open-source") switch
        {
            "open-drain" => LineDrive.OpenDrain,
            "open-source" => LineDrive.OpenSource,
            _ => LineDrive.PushPull,
        };
        var bias = Bias(device, "none");
        if (bias != LineBias.None && (drive == LineDrive.PushPull || (drive == LineDrive.OpenDrain) != (bias == LineBias.PullUp)))
        {
            device.Fault("bias", $"does nothing for a {(drive == LineDrive.PushPull ? "push-pull" : drive == LineDrive.OpenDrain ? "open-drain" : "open-source")} output; use up with open-drain, down with open-source, or leave it out");
        }

        return (drive, bias);
    }

    /// <summary><c>feedback: {line: 5, bias: up, within: 2s}</c>.</summary>
    private static Feedback? ReadFeedback(SettingsSection device)
    {
        if (!device.Has("feedback"))
        {
            return null;
        }

        var section = device.Section("feedback");
        var line = Line(section, "line");
        var feedback = line is null ? null : new Feedback(
            line, section.Bool("activeLow", false), Bias(section, "none"), section.Duration("within", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)));
        section.Done();
        return feedback;
    }

    private static LineBias Bias(SettingsSection section, string usual) => section.Choice("bias", usual, "none", "up", "down") switch
    {
        "up" => LineBias.PullUp,
        "down" => LineBias.PullDown,
        _ => LineBias.None,
    };

    private static (Wiring?, DeviceLimits) ReadLevel(SettingsSection device, int frequencyHz)
    {
        var (pwm, hz) = Pwm(device, "pwm", frequencyHz, 40_000);
        int min = device.Integer("min", 0, 0, 100);
        int max = device.Integer("max", 100, Math.Max(1, min), 100);
        int safe = device.Integer("safe", 0, 0, pwm is { IsSoftware: true } ? 0 : max);
        double gamma = device.Number("gamma", 1, 0.5, 4);
        return (pwm is null ? null : new Wiring.Level(pwm, hz, safe, gamma), new DeviceLimits(LevelMin: min, LevelMax: max, OnMax: OnMax(device)));
    }

    /// <summary><c>leds: 30</c>, on the header's SPI unless <c>spi:</c> says otherwise.</summary>
    private static (Wiring?, DeviceLimits) ReadStrip(SettingsSection device)
    {
        int? lights = device.OptionalInteger("leds", 1, LedStrip.LightsMax);
        if (!device.Has("leds"))
        {
            device.Fault("leds", $"is missing; say how many lights the strip has, 1 to {LedStrip.LightsMax}");
        }

        var spi = device.Section("spi");
        var bus = BusAddress.ReadSpi(spi) with { ClockHz = LedStrip.ClockHz };
        spi.Done();
        device.Choice("safe", "off", "off");
        int min = device.Integer("min", 0, 0, 100);
        int max = device.Integer("max", 100, Math.Max(1, min), 100);
        return (lights is { } count ? new Wiring.Strip(bus, count) : null, new DeviceLimits(LevelMin: min, LevelMax: max, OnMax: OnMax(device)));
    }

    /// <summary><c>lines: [17, 18, 27, 22]</c>, to IN1 to IN4.</summary>
    private static (Wiring?, DeviceLimits) ReadStepper(SettingsSection device)
    {
        var coils = device.Items("lines", 8).Select(v => Line(v)).OfType<LineAddress>().ToList();
        if (coils.Count != 4)
        {
            device.Fault("lines", "needs four lines, those that IN1 to IN4 are wired to, as [17, 18, 27, 22]");
        }

        int steps = device.Integer("stepsPerTurn", 4096, 8, 1_000_000);
        double speed = device.Number("speed", 40, 0.1, 720);
        double min = device.Number("min", 0, -36_000, 36_000);
        double max = device.Number("max", Math.Max(360, min), min, 36_000);
        double start = device.Number("start", Math.Clamp(0, min, max), min, max);
        device.Choice("safe", "off", "off");
        if (speed * steps / 360 > 1000)
        {
            device.Fault("speed", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"is {speed:0.#} degrees a second, more than a thousand steps a second; use {360_000.0 / steps:0.#} or less"));
        }

        return (coils.Count == 4 ? new Wiring.Stepper(coils, steps, speed, start) : null, new DeviceLimits(DegreesMin: min, DegreesMax: max));
    }

    private static (Wiring?, DeviceLimits) ReadTwoWay(SettingsSection device)
    {
        var open = Line(device, "open");
        var close = Line(device, "close");
        bool activeLow = device.Bool("activeLow", false);
        var travel = device.Duration("travel", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        return (open is null || close is null ? null : new Wiring.TwoWay(open, close, activeLow, travel), new DeviceLimits());
    }

    private static (Wiring?, DeviceLimits) ReadServo(SettingsSection device)
    {
        var (pwm, _) = Pwm(device, "pwm", ServoDevice.FrequencyHz, ServoDevice.FrequencyHz);
        var pulse = device.Section("pulse");
        int pulseMin = pulse.Integer("minUs", 500, 300, 2700);
        int pulseMax = pulse.Integer("maxUs", 2500, Math.Max(pulseMin + 100, 400), 2800);
        double fullMin = pulse.Number("minDegrees", -90, -360, 360);
        double fullMax = pulse.Number("maxDegrees", 90, fullMin + 1, 720);
        pulse.Done();
        double min = device.Number("min", fullMin, fullMin, fullMax);
        double max = device.Number("max", fullMax, min, fullMax);
        double? rest = device.OptionalNumber("safe", min, max);
        if (rest is not null && pwm is { IsSoftware: true })
        {
            device.Fault("safe", "is an angle, and software PWM is off at start and stop; leave it out, or use hardware PWM");
        }

        double? slew = device.OptionalNumber("slew", 1, 3600);
        return (pwm is null ? null : new Wiring.Servo(pwm, pulseMin, pulseMax, fullMin, fullMax, rest, slew), new DeviceLimits(DegreesMin: min, DegreesMax: max));
    }

    private static (Wiring?, DeviceLimits) ReadBuzzer(SettingsSection device)
    {
        var limits = new DeviceLimits(TimesMax: device.Integer("max", 10, 1, 100));
        if (device.Has("pwm"))
        {
            var (pwm, hz) = Pwm(device, "pwm", 2_000, 20_000);
            limits = limits with { PulseMax = PulseMax(device), ToneMax = pwm is { IsSoftware: true } ? PwmAddress.SoftwareHzMax : limits.ToneMax };
            return (pwm is null ? null : new Wiring.Tone(pwm, hz, ReadMelodies(device)), limits);
        }

        var line = Line(device, "line");
        bool activeLow = device.Bool("activeLow", false);
        return (line is null ? null : new Wiring.Output(line, activeLow, SafeActive: false), limits);
    }

    /// <summary><c>melodies: {dinner: "c5 200, e5 200"}</c>; one of a usual name replaces it.</summary>
    private static List<Melody> ReadMelodies(SettingsSection device)
    {
        var section = device.Section("melodies");
        var own = new List<Melody>();
        foreach (string name in section.Keys.Take(MelodiesMax))
        {
            string text = section.RequiredText(name, "give its notes, as \"c5 200, e5 200\"");
            if (name.Length > 24 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not (' ' or '_' or '-')))
            {
                section.Fault(name, "is no name; use 24 letters, digits and spaces at most");
            }
            else if (Melody.Parse(name, text) is { } melody)
            {
                own.Add(melody);
            }
            else if (text.Length > 0)
            {
                section.Fault(name, $"is \"{(text.Length > 40 ? text[..40] + "…" : text)}\"; give 1 to {Melody.NotesMax} notes with milliseconds (10 to 10000), as \"c5 200, f#4 100, rest 50, 440 1000\"");
            }
        }

        section.Done();
        return [.. own, .. Melody.Usual.Where(u => !own.Exists(o => o.Name == u.Name))];
    }

    private static (Wiring?, DeviceLimits) ReadRotary(SettingsSection device)
    {
        var a = Line(device, "a");
        var b = Line(device, "b");
        int steps = device.Integer("stepsPerDetent", 4, 1, 4);
        var bias = Bias(device, "up");
        return (a is null || b is null ? null : new Wiring.Rotary(a, b, bias, steps), new DeviceLimits());
    }

    private static (Wiring?, DeviceLimits) ReadInput(SettingsSection device, DeviceKind kind)
    {
        var line = Line(device, "line");
        bool activeLow = device.Bool("activeLow", kind == DeviceKind.Button);
        var lineBias = Bias(device, kind == DeviceKind.Motion ? "none" : "up");
        var debounce = device.Duration("debounce", kind == DeviceKind.Motion ? TimeSpan.Zero : DebounceDefault, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        return (line is null ? null : new Wiring.Input(line, activeLow, lineBias, debounce), new DeviceLimits());
    }

    /// <summary><c>line: 17</c>, or <c>line: {chip: pcf8574, offset: 3}</c>.</summary>
    private static LineAddress? Line(SettingsSection device, string key) => Line(device.Value(key));

    private static LineAddress? Line(SettingsValue value)
    {
        if (value.IsSection)
        {
            var section = value.Section();
            var line = Offset(section.Value("offset"), section.OptionalText("chip", 64));
            section.Done();
            return line;
        }

        return Offset(value, null);
    }

    private static LineAddress? Offset(SettingsValue value, string? chip)
    {
        if (!value.IsPresent)
        {
            value.Fault("is missing; give the line's offset on its chip, as GPIO 17 is 17");
            return null;
        }

        return value.OptionalInteger(0, OffsetMax) is { } offset ? new LineAddress(chip, offset) : null;
    }

    /// <summary><c>pwm: 0</c>, or <c>pwm: {chip: 1f00098000.pwm, channel: 2, frequency: 1000}</c>.</summary>
    private static (PwmAddress?, int FrequencyHz) Pwm(SettingsSection device, string key, int frequencyHz, int frequencyMaxHz)
    {
        var value = device.Value(key);
        if (!value.IsPresent)
        {
            value.Fault("is missing; give the PWM channel, 0 or 1 on the header");
            return (null, frequencyHz);
        }

        if (!value.IsSection)
        {
            return (value.OptionalInteger(0, ChannelMax) is { } only ? new PwmAddress(PwmAddress.Auto, only) : null, frequencyHz);
        }

        var section = value.Section();
        string chip = section.Text("chip", PwmAddress.Auto, 64);
        if (section.Has("line") || section.Bool("software", false))
        {
            return Software(section, chip, frequencyHz);
        }

        int? channel = section.OptionalInteger("channel", 0, ChannelMax);
        int hz = section.Integer("frequency", frequencyHz, 1, Math.Max(frequencyHz, frequencyMaxHz));
        section.Done();
        if (channel is null)
        {
            section.Fault("channel", "is missing; give the PWM channel, from 0");
        }

        return (channel is { } c ? new PwmAddress(chip, c) : null, hz);
    }

    /// <summary><c>pwm: {line: 18, software: true, frequency: 100}</c>; named as such, since it is coarser than hardware.</summary>
    private static (PwmAddress?, int FrequencyHz) Software(SettingsSection section, string chip, int frequencyHz)
    {
        int? line = section.OptionalInteger("line", 0, OffsetMax);
        int hz = section.Integer("frequency", Math.Min(frequencyHz, SoftwareHz), 1, PwmAddress.SoftwareHzMax);
        if (!section.Bool("software", false))
        {
            section.Fault("software", "is not true; a line has PWM by software only, which is coarser: say \"software: true\", or give a channel of hardware PWM");
        }

        if (!section.Has("line"))
        {
            section.Fault("line", "is missing; give the line's offset, as GPIO 18 is 18");
        }

        section.Done();
        return (line is { } offset ? new PwmAddress(chip, offset, IsSoftware: true) : null, hz);
    }

    /// <summary>Off, closed and locked unless the owner says otherwise.</summary>
    private static bool Safe(SettingsSection device, DeviceKind kind) => kind switch
    {
        DeviceKind.Lock => device.Choice("safe", "locked", "locked", "unlocked") == "unlocked",
        DeviceKind.Cover => device.Choice("safe", "closed", "closed", "open") == "open",
        _ => device.Choice("safe", "off", "off", "on") == "on",
    };

    private static TimeSpan PulseMax(SettingsSection device) =>
        device.Duration("pulseMax", DeviceLimits.PulseDefault, TimeSpan.FromMilliseconds(10), Day);

    private static TimeSpan? OnMax(SettingsSection device) => device.OptionalDuration("onMax", TimeSpan.FromMilliseconds(100), 7 * Day);
}
