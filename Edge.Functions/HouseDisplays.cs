using System.Globalization;
using Edge.Functions.Devices;
using Edge.Functions.Displays;
using Microsoft.Extensions.Logging;

namespace Edge.Functions;

/// <summary>The displays of the house: each keeps the last reply and how its devices stand.</summary>
public sealed class HouseDisplays : IDisposable
{
    private readonly DeviceRegistry _registry;
    private readonly List<DisplayWriter> _writers = [];

    internal HouseDisplays(IReadOnlyList<DisplayDeclaration> displays, DisplayBoard board, DeviceRegistry registry, TimeProvider clock, ILogger logger)
    {
        _registry = registry;
        foreach (var display in displays)
        {
            var writer = new DisplayWriter(display, () => board.Open(display), clock, logger);
            _writers.Add(writer);
            foreach (var device in registry.Devices.Where(d => IsShown(display, d)))
            {
                writer.Tell(device.Name, Text(device, device.State));
            }
        }

        _registry.Changed += OnChanged;
    }

    public IReadOnlyList<DisplayWriter> Writers => _writers;

    /// <summary>The last reply, on every display; returns at once.</summary>
    public void Say(string sentence) => _writers.ForEach(w => w.Say(sentence));

    public void Dispose()
    {
        _registry.Changed -= OnChanged;
        _writers.ForEach(w => w.Dispose());
    }

    private void OnChanged(Device device, DeviceState state)
    {
        foreach (var writer in _writers.Where(w => IsShown(w.Declaration, device)))
        {
            writer.Tell(device.Name, Text(device, state));
        }
    }

    private static bool IsShown(DisplayDeclaration display, Device device) => display.Shows.Count == 0
        ? device.Declaration.Expose && device.Declaration.Can(device.Declaration.Kind == DeviceKind.Sensor ? DeviceSkills.Measure : DeviceSkills.State)
        : display.Shows.Contains(device.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary><c>on 40%</c>, <c>21.5 °C</c>, <c>open</c>; a dash for what nobody measured.</summary>
    private static string Text(Device device, DeviceState state) => state switch
    {
        { IsKnown: false } => "-",
        _ when device.Declaration.Wiring is Wiring.Measuring measuring => $"{state.Word} {measuring.Sensor.Unit}".TrimEnd(),
        { Word: "on", Value: { } percent } => string.Create(CultureInfo.InvariantCulture, $"on {percent:0}%"),
        _ => state.Word,
    };
}
