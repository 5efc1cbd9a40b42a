using System.Text.RegularExpressions;
using Edge.Functions.Buses;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Functions.Sensors;
using Edge.Functions.Sensors.Parts;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Devices;

/// <summary>Every sample for an owner is a file that works, and every kind of hardware has one, and a row in the wiring table.</summary>
public sealed partial class SamplesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy/samples");

    public static TheoryData<string> Samples { get; } = [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_has_no_fault_and_opens_on_a_simulated_board(string file)
    {
        using var house = new TestHouse(File.ReadAllText(Path.Combine(Folder, file)));
        Assert.Equal(house.Settings.Devices.Count, house.House.Registry.Devices.Count);
        Assert.NotEmpty(house.House.Catalog.Functions);
        foreach (var device in house.House.Registry.Devices.OfType<SensorDevice>())
        {
            Assert.True(device.Measure().IsKnown, device.Name);
        }

        house.House.GoSafe();
    }

    [Fact]
    public void Every_kind_of_hardware_has_a_sample()
    {
        var all = Samples.Select(row => TestHouse.ReadSettings(File.ReadAllText(Path.Combine(Folder, row.Data)))).ToList();
        var devices = all.SelectMany(s => s.Devices).ToList();
        Assert.Equal(Enum.GetValues<DeviceKind>(), devices.Select(d => d.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<ExpanderKind>(), all.SelectMany(s => s.Expanders).Select(e => e.Kind).Distinct().Order());
        Assert.Equal(3, all.SelectMany(s => s.Displays).Select(d => d.Port.GetType()).Distinct().Count());
        var sources = devices.Select(d => d.Wiring).OfType<Wiring.Measuring>().Select(m => m.Sensor.Source).ToList();
        Assert.Equal(PartKinds.All.Select(k => k.Name).Order(), sources.OfType<SensorSource.Part>().Select(p => p.Kind).Distinct().Order());
        Assert.Contains(sources, s => s is SensorSource.OneWire);
        Assert.Contains(sources, s => s is SensorSource.Hwmon);
        Assert.Contains(sources, s => s is SensorSource.Iio { Device: "srf04" });
        Assert.Contains(devices, d => d.Wiring is Wiring.Level { Pwm.IsSoftware: true });
        Assert.Contains(devices, d => d.Wiring is Wiring.Output { Drive: not LineDrive.PushPull });
        Assert.Contains(devices, d => d.Wiring is Wiring.Output { Feedback: not null });
    }

    [Fact]
    public void Every_kind_has_a_row_in_the_wiring_table()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        string table = string.Join('\n', readme.Split('\n').SkipWhile(l => !l.StartsWith("| part | edge.yaml", StringComparison.Ordinal)).TakeWhile(l => l.StartsWith('|')));
        string[] kinds = [.. PartKinds.All.Select(k => k.Name), .. Enum.GetNames<ExpanderKind>(), "dht11", "oneWire", "srf04", "hwmon", "ssd1306", "hd44780", "strip", "stepper", "buzzer", "rotary", "servo", "software: true", "open:", "lock", "mqtt:"];
        Assert.All(kinds, kind => Assert.Contains(kind, table, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_snippet_of_the_READMEs_is_settings_without_a_fault()
    {
        foreach (string file in Directory.EnumerateFiles(Repository.Root, "README.md", SearchOption.AllDirectories).Where(f => !f.Contains("/artifacts/", StringComparison.Ordinal)))
        {
            foreach (Match snippet in Snippets().Matches(File.ReadAllText(file)))
            {
                var faults = Record.Exception(() => TestHouse.ReadSettings(snippet.Groups[1].Value));
                Assert.True(faults is null, $"{Path.GetRelativePath(Repository.Root, file)}: {faults?.Message}");
            }
        }
    }

    [GeneratedRegex(@"^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Snippets();
}
