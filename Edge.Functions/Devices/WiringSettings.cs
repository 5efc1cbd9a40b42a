using Edge.Functions.Devices.Remote;
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

    /// <summary>Contacts bounce for 1 to 10 ms, worn ones longer.</summary>
    private static readonly TimeSpan DebounceDefault = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static (Wiring? Wiring, DeviceLimits Limits) Read(SettingsSection device, DeviceKind kind) => kind switch
    {
        _ when device.Has("mqtt") => RemoteSettings.Read(device, kind),
        DeviceKind.Light or DeviceKind.Switch or DeviceKind.Lock => ReadOutput(device, kind),
        DeviceKind.Dimmer => ReadLevel(device, 1000),
        DeviceKind.Fan => device.Has("pwm") ? ReadLevel(device, 25_000) : ReadOutput(device, kind),
        DeviceKind.Cover => device.Has("line") ? ReadOutput(device, kind) : ReadTwoWay(device),
        DeviceKind.Servo => ReadServo(device),
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
        return (line is null ? null : new Wiring.Output(line, activeLow, safe, feedback), new DeviceLimits(PulseMax: PulseMax(device), OnMax: OnMax(device)));
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
        int safe = device.Integer("safe", 0, 0, max);
        double gamma = device.Number("gamma", 1, 0.5, 4);
        return (pwm is null ? null : new Wiring.Level(pwm, hz, safe, gamma), new DeviceLimits(LevelMin: min, LevelMax: max, OnMax: OnMax(device)));
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
        double? slew = device.OptionalNumber("slew", 1, 3600);
        return (pwm is null ? null : new Wiring.Servo(pwm, pulseMin, pulseMax, fullMin, fullMax, rest, slew), new DeviceLimits(DegreesMin: min, DegreesMax: max));
    }

    private static (Wiring?, DeviceLimits) ReadBuzzer(SettingsSection device)
    {
        var limits = new DeviceLimits(TimesMax: device.Integer("max", 10, 1, 100));
        if (device.Has("pwm"))
        {
            var (pwm, hz) = Pwm(device, "pwm", 2_000, 20_000);
            return (pwm is null ? null : new Wiring.Tone(pwm, hz), limits);
        }

        var line = Line(device, "line");
        bool activeLow = device.Bool("activeLow", false);
        return (line is null ? null : new Wiring.Output(line, activeLow, SafeActive: false), limits);
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
    private static LineAddress? Line(SettingsSection device, string key)
    {
        var value = device.Value(key);
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
        int? channel = section.OptionalInteger("channel", 0, ChannelMax);
        int hz = section.Integer("frequency", frequencyHz, 1, Math.Max(frequencyHz, frequencyMaxHz));
        section.Done();
        if (channel is null)
        {
            section.Fault("channel", "is missing; give the PWM channel, from 0");
        }

        return (channel is { } c ? new PwmAddress(chip, c) : null, hz);
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
