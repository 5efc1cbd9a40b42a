using System.Globalization;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Sensors;

namespace Edge.Functions;

/// <summary>What people and tests do to the simulated parts of a house: set a sensor's number, press a button, turn a knob.</summary>
public sealed class SimulatedParts
{
    private const int ClicksMax = 100;

    private readonly DeviceRegistry _registry;
    private readonly GpioBoard _gpio;

    internal SimulatedParts(DeviceRegistry registry, GpioBoard gpio) => (_registry, _gpio) = (registry, gpio);

    /// <summary>Whether something can be done to it here; a real part is never simulated.</summary>
    public bool Has(Device device) => device is SensorDevice { Sensor: SimulatedSensor } || Line(device) is not null || device.Declaration.Wiring is Wiring.Rotary { A.Chip: null } && _gpio.Default.Simulation is not null;

    /// <summary>Sets a part by what people call its state.</summary>
    /// <param name="text">A number for a sensor, or <c>none</c> for one that does not answer; <c>open</c>, <c>pressed</c>, <c>motion</c>, … for an input; clicks for a knob.</param>
    /// <returns>Why not; null when it is done.</returns>
    public string? Set(Device device, string text)
    {
        if (!Has(device))
        {
            return $"{device.Name} is not simulated here; only simulated sensors and inputs can be set.";
        }

        string word = text.Trim().ToLowerInvariant();
        return device switch
        {
            SensorDevice sensor => SetSensor(sensor, (SimulatedSensor)sensor.Sensor, word),
            RotaryDevice => Turn((Wiring.Rotary)device.Declaration.Wiring, device.Name, word),
            _ => SetInput(device, word),
        };
    }

    /// <summary>The other state of an input; nothing for other parts.</summary>
    public void Toggle(Device device)
    {
        if (Line(device) is var (driver, line, _))
        {
            driver.Drive(line, !driver.IsHigh(line));
        }
    }

    private static string? SetSensor(SensorDevice device, SimulatedSensor sensor, string word)
    {
        sensor.Fault = word == "none" ? "its wire is off, in the simulation" : null;
        if (word != "none")
        {
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
            {
                return $"{device.Name} cannot be set to \"{Short(word)}\"; send a number, or none for a sensor that does not answer.";
            }

            sensor.Value = number;
        }

        device.Measure();
        return null;
    }

    private string? SetInput(Device device, string word)
    {
        var (active, idle) = Words(device.Declaration.Kind);
        if (word != active && word != idle)
        {
            return $"{device.Name} cannot be set to \"{Short(word)}\"; send {active} or {idle}.";
        }

        var (driver, line, activeLow) = Line(device)!.Value;
        driver.Drive(line, (word == active) != activeLow);
        return null;
    }

    private string? Turn(Wiring.Rotary knob, string name, string word)
    {
        if (!int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int clicks) || Math.Abs(clicks) > ClicksMax)
        {
            return $"{name} cannot be turned by \"{Short(word)}\"; send clicks, -{ClicksMax} to {ClicksMax}.";
        }

        var driver = _gpio.Default.Simulation!;
        var (first, second) = clicks > 0 ? (knob.A.Offset, knob.B.Offset) : (knob.B.Offset, knob.A.Offset);
        for (int edge = 0; edge < Math.Abs(clicks) * knob.StepsPerDetent; edge++)
        {
            int line = driver.IsHigh(first) == driver.IsHigh(second) ? first : second;
            driver.Drive(line, !driver.IsHigh(line));
        }

        return null;
    }

    private (SimulatedGpioDriver Driver, int Line, bool ActiveLow)? Line(Device device) =>
        device.Declaration.Wiring is Wiring.Input input && _gpio.IsSimulated && _gpio.Chip(input.Line.Chip).Simulation is { } driver
            ? (driver, input.Line.Offset, input.ActiveLow)
            : null;

    private static (string Active, string Idle) Words(DeviceKind kind) => kind switch
    {
        DeviceKind.Button => ("pressed", "released"),
        DeviceKind.Motion => ("motion", "clear"),
        _ => ("open", "closed"),
    };

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
