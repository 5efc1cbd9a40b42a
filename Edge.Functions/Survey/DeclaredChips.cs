using System.Device.Gpio;
using System.Globalization;
using Edge.Functions.Buses;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Pwm;

namespace Edge.Functions.Survey;

/// <summary>Whether every GPIO chip, line and PWM channel that the settings name is there. Looks; opens nothing.</summary>
public static class DeclaredChips
{
    /// <returns>A line for each that is not, with its place in the settings and the way out.</returns>
    /// <param name="chips">As libgpiod lists them.</param>
    public static IReadOnlyList<string> Missing(GpioSettings gpio, IReadOnlyList<DeviceDeclaration> devices, IReadOnlyList<Expander> expanders, string sysfsRoot, IReadOnlyList<GpioChipInfo> chips)
    {
        if (gpio.AsksForSimulation)
        {
            return [];
        }

        if (ChipFinder.Pick(chips, gpio.Chip) is not { } header)
        {
            // Left to Edge, a board without a header is simulated, and nothing is missing.
            return gpio.Chip == GpioSettings.Auto ? [] : [$"gpio.chip is {gpio.Chip}, which this machine does not have; use {Labels(chips)} ({gpio.Place})."];
        }

        var own = expanders.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var device in devices)
        {
            foreach (var line in device.Wiring.Lines.Where(l => l.Chip is null || !own.Contains(l.Chip)))
            {
                var chip = line.Chip is null ? header : ChipFinder.Pick(chips, line.Chip);
                if (chip is null)
                {
                    missing.Add($"{device.Name}: chip {line.Chip} is not there; use {Labels(chips)} ({device.Place}).");
                }
                else if (line.Offset >= chip.NumLines)
                {
                    missing.Add(string.Create(CultureInfo.InvariantCulture, $"{device.Name}: {chip.Label} has no line {line.Offset}; use 0 to {chip.NumLines - 1} ({device.Place})."));
                }
            }

            if (device.Wiring.HardwarePwm is { } pwm && !own.Contains(pwm.Chip) && FaultOf(pwm, sysfsRoot) is { } fault)
            {
                missing.Add($"{device.Name}: {fault} ({device.Place}).");
            }
        }

        return missing;
    }

    private static string? FaultOf(PwmAddress pwm, string sysfsRoot)
    {
        var chips = PwmChipFinder.Available(sysfsRoot);
        if (PwmChipFinder.Pick(chips, pwm.Chip) is not { } chip)
        {
            return $"{pwm} is not there; {(chips.Count == 0 ? $"add {Overlays.Pwm} to {Overlays.File}" : $"use chip {string.Join(", ", chips.Values)}")}";
        }

        string count = Path.Combine(PwmChipFinder.FolderOf(sysfsRoot, chip), "npwm");
        return File.Exists(count) && int.TryParse(File.ReadAllText(count).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int channels) && pwm.Channel >= channels
            ? string.Create(CultureInfo.InvariantCulture, $"{chips[chip]} has no PWM channel {pwm.Channel}; use 0 to {channels - 1}")
            : null;
    }

    private static string Labels(IReadOnlyList<GpioChipInfo> chips) => chips.Count == 0 ? "driver: simulated" : string.Join(", ", chips.Select(c => c.Label));
}
