using System.Text.Json;
using Edge.Functions;
using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Handlers;
using Edge.Functions.Pwm;
using Edge.Functions.Sensors;
using Edge.Functions.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Tests.Fakes;

/// <summary>A simulated house from YAML, with a clock that stands still.</summary>
public sealed class TestHouse : IDisposable
{
    public TestHouse(string yaml)
    {
        Settings = ReadSettings(yaml);
        House = House.Open(Settings with { Gpio = new GpioSettings(Driver: GpioSettings.Simulated) }, Clock, NullLoggerFactory.Instance);
        House.StateChanged += (device, state) =>
        {
            lock (Changes)
            {
                Changes.Add($"{device.Name}: {state.Word}");
            }
        };
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));

    public HouseSettings Settings { get; }

    public House House { get; }

    public List<string> Changes { get; } = [];

    public SimulatedGpioDriver Lines => House.Simulation!;

    /// <summary>Fails the test with the faults if there are any.</summary>
    public static HouseSettings ReadSettings(string yaml)
    {
        var faults = new SettingsFaults();
        var root = SettingsFile.Parse(yaml, "edge.yaml", faults);
        var settings = HouseSettings.Read(root);
        Edge.Runtime.Hosting.EdgeOptions.Read(root);
        root.Done();
        return faults.Count == 0 ? settings : throw new InvalidOperationException(string.Join("\n", faults));
    }

    /// <summary>The faults of a wrong file.</summary>
    public static IReadOnlyList<string> FaultsOf(string yaml)
    {
        var faults = new SettingsFaults();
        var root = SettingsFile.Parse(yaml, "edge.yaml", faults);
        HouseSettings.Read(root);
        root.Done();
        return [.. faults.Select(f => f.Message)];
    }

    public FunctionResult Call(string name, string arguments = "{}") => House.Dispatcher.Invoke(new FunctionCall(name, Json(arguments)));

    public Device Device(string name) => House.Registry.Find(name) ?? throw new KeyNotFoundException(name);

    public SimulatedSensor Sensor(string name) => (SimulatedSensor)((SensorDevice)Device(name)).Sensor;

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public void Dispose() => House.Dispose();
}
