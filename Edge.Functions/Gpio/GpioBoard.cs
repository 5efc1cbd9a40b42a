using System.Device.Gpio;
using Edge.Functions.Buses;

namespace Edge.Functions.Gpio;

/// <summary>The chips of the house: the default one, and others by label when a device names them.</summary>
public sealed class GpioBoard : IDisposable
{
    private readonly Dictionary<string, GpioChip> _chips = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<GpioChipInfo> _available;
    private readonly string _driver;
    private IReadOnlyList<Expander> _expanders = [];
    private BusBoard? _buses;

    private GpioBoard(GpioChip defaultChip, IReadOnlyList<GpioChipInfo> available, string driver)
    {
        Default = defaultChip;
        _available = available;
        _driver = driver;
        _chips[defaultChip.Label] = defaultChip;
    }

    public GpioChip Default { get; }

    /// <summary>No hardware is moved: the default chip is simulated, and so is everything else on the board.</summary>
    public bool IsSimulated => Default.Simulation is not null;

    /// <summary>A board whose default chip is open already: for tests that keep the chip over several houses.</summary>
    internal static GpioBoard On(GpioChip chip) => new(chip, [], GpioSettings.Simulated);

    /// <summary>Opens the default chip. Where the settings leave the choice and there is no header, it is a simulated one.</summary>
    /// <param name="available">What <see cref="ChipFinder.Available"/> found.</param>
    /// <exception cref="HardwareFault">The settings name a chip that is not there or cannot be opened.</exception>
    public static GpioBoard Open(GpioSettings settings, Func<IReadOnlyList<GpioChipInfo>> available)
    {
        if (settings.AsksForSimulation)
        {
            return new GpioBoard(GpioChip.Simulated(levels: settings.Levels), [], GpioSettings.Simulated);
        }

        var chips = available();
        if (ChipFinder.Pick(chips, settings.Chip) is { } chip)
        {
            return new GpioBoard(new GpioChip(chip.Label, ChipFinder.Open(chip, settings.Driver)), chips, settings.Driver);
        }

        return settings.Chip == GpioSettings.Auto
            ? new GpioBoard(GpioChip.Simulated(levels: settings.Levels), [], GpioSettings.Simulated)
            : throw new HardwareFault($"gpio.chip is {settings.Chip}, which this machine does not have; use {Labels(chips)} ({settings.Place}).");
    }

    /// <summary>The chip with that label, opened on first use; the default chip for null.</summary>
    /// <exception cref="HardwareFault">There is no such chip.</exception>
    public GpioChip Chip(string? label)
    {
        if (label is null)
        {
            return Default;
        }

        if (!_chips.TryGetValue(label, out var chip))
        {
            _chips[label] = chip = OpenOther(label);
        }

        return chip;
    }

    /// <summary>Chips on buses, to be found by their names.</summary>
    /// <param name="buses">Null where they are simulated, as the board is.</param>
    public void Extend(IReadOnlyList<Expander> expanders, BusBoard? buses)
    {
        _expanders = expanders;
        _buses = buses;
    }

    public void Dispose()
    {
        foreach (var chip in _chips.Values)
        {
            chip.Dispose();
        }
    }

    private GpioChip OpenOther(string label)
    {
        if (_buses is not null && _expanders.FirstOrDefault(e => e.Name == label) is { LineCount: > 0 } expander)
        {
            return ExpanderChips.Open(expander, _buses);
        }

        return IsSimulated ? GpioChip.Simulated(label) : OpenNamed(label);
    }

    private GpioChip OpenNamed(string label) => ChipFinder.Pick(_available, label) is { } found
        ? new GpioChip(label, ChipFinder.Open(found, _driver))
        : throw new HardwareFault($"Chip {label} is not on this machine; use {Labels(_available)}.");

    private static string Labels(IReadOnlyList<GpioChipInfo> chips) =>
        string.Join(", ", chips.Select(c => c.Label).Append(GpioSettings.Simulated));
}
