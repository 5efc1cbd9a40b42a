using System.Device.Pwm;
using System.Globalization;
using Edge.Functions.Buses;
using Edge.Functions.Gpio;
using Iot.Device.Pwm;

namespace Edge.Functions.Pwm;

/// <summary>Opens PWM outputs: the kernel's under sysfs, or simulated ones.</summary>
public sealed class PwmBoard
{
    private readonly string? _sysfsRoot;
    private readonly Func<int, int, int, PwmChannel> _create;
    private readonly TimeProvider _clock;

    private readonly Dictionary<string, Pca9685> _open = [];
    private IReadOnlyList<Expander> _expanders = [];
    private BusBoard? _buses;
    private GpioBoard? _gpio;

    private PwmBoard(string? sysfsRoot, TimeProvider clock, Func<int, int, int, PwmChannel> create)
    {
        _sysfsRoot = sysfsRoot;
        _clock = clock;
        _create = create;
    }

    /// <summary>Channels of memory.</summary>
    public static PwmBoard Simulated() => new(null, TimeProvider.System, (_, _, frequencyHz) => new SimulatedPwmChannel(frequencyHz));

    /// <param name="create">Chip number, channel, frequency in Hz → channel; null for System.Device.Pwm's own.</param>
    public static PwmBoard Kernel(string sysfsRoot, TimeProvider clock, Func<int, int, int, PwmChannel>? create = null) =>
        new(sysfsRoot, clock, create ?? ((chip, channel, frequencyHz) => PwmChannel.Create(chip, channel, frequencyHz, 0)));

    /// <summary>PWM chips on buses, to be found by their names.</summary>
    /// <param name="buses">Null where they are simulated, as the board is.</param>
    public void Extend(IReadOnlyList<Expander> expanders, BusBoard? buses)
    {
        _expanders = expanders;
        _buses = buses;
    }

    /// <summary>Lines that software PWM may switch.</summary>
    public void Extend(GpioBoard gpio) => _gpio = gpio;

    /// <summary>Takes a channel; it starts at its safe duty.</summary>
    /// <param name="safeDuty">0 to 1.</param>
    /// <exception cref="HardwareFault">There is no such chip or channel, or somebody else holds it.</exception>
    public PwmOutput Open(PwmAddress address, string owner, int frequencyHz, double safeDuty = 0)
    {
        try
        {
            if (address.IsSoftware)
            {
                return OpenOnLine(address, owner, frequencyHz);
            }

            if (_buses is not null && _expanders.FirstOrDefault(e => e.Name == address.Chip) is { Kind: ExpanderKind.Pca9685 } expander)
            {
                return OpenOn(expander, _buses, address, owner, frequencyHz, safeDuty);
            }

            if (_sysfsRoot is null)
            {
                return new PwmOutput(_create(0, address.Channel, frequencyHz), address, owner, safeDuty, null);
            }

            var chips = PwmChipFinder.Available(_sysfsRoot);
            int chip = PwmChipFinder.Pick(chips, address.Chip) ?? throw new HardwareFault(
                $"{address} for {owner} is not there; {(chips.Count == 0 ? "enable PWM with \"dtoverlay=pwm-2chan\" in config.txt" : $"use chip {string.Join(", ", chips.Values)}")}.");
            string folder = PwmExport.Open(PwmChipFinder.FolderOf(_sysfsRoot, chip), address.Channel, _clock);
            return new PwmOutput(_create(chip, address.Channel, frequencyHz), address, owner, safeDuty, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException && e is not HardwareFault)
        {
            throw new HardwareFault($"{address} for {owner} cannot be opened ({e.Message.TrimEnd('.')}); another program may hold it, or its files may not be writable (group gpio).", e);
        }
    }

    /// <summary>Off from the start. On a simulated board the line is taken and the duty is kept in memory.</summary>
    private PwmOutput OpenOnLine(PwmAddress address, string owner, int frequencyHz)
    {
        var gpio = _gpio ?? throw new HardwareFault($"{address} for {owner} needs lines, and this board has none.");
        var chip = gpio.Chip(address.Chip == PwmAddress.Auto ? null : address.Chip);
        var line = chip.OpenOutput(address.Channel, owner);
        return gpio.IsSimulated
            ? new PwmOutput(_create(0, address.Channel, frequencyHz), address, owner, 0, null)
            : new PwmOutput(new SoftwarePwmChannel(line, frequencyHz), address, owner, 0, null);
    }

    /// <summary>The part has one frequency for all its channels; the duty is read back from its registers.</summary>
    private PwmOutput OpenOn(Expander expander, BusBoard buses, PwmAddress address, string owner, int frequencyHz, double safeDuty)
    {
        if (Math.Abs(frequencyHz - expander.FrequencyHz) > expander.FrequencyHz / 20)
        {
            throw new HardwareFault($"{address} for {owner} wants {frequencyHz} Hz, and {expander} has {expander.FrequencyHz} Hz for all its channels; set the device's or the expander's frequency ({expander.Place}).");
        }

        if (!_open.TryGetValue(expander.Name, out var part))
        {
            _open[expander.Name] = part = new Pca9685(buses.Open(expander.Address), expander.FrequencyHz);
        }

        return new PwmOutput(part.CreatePwmChannel(address.Channel), address, owner, safeDuty, null) { HasOwnFrequency = false };
    }
}
