using Edge.Functions;
using Edge.Functions.Gpio;
using Edge.Functions.Settings;
using Edge.Runtime.Mqtt;

namespace Edge.Runtime.Hosting;

/// <summary>edge.yaml, read as a whole: either everything is right or there are faults.</summary>
/// <param name="Path">The file's full path; empty when there is none.</param>
public sealed record EdgeSettings(string Path, HouseSettings House, EdgeOptions Options, SettingsFaults Faults)
{
    private const string Installed = "/etc/edge/edge.yaml";

    /// <param name="named">From the command line; null for ./edge.yaml, then /etc/edge/edge.yaml.</param>
    public static EdgeSettings Load(string? named)
    {
        string? path = named ?? new[] { "edge.yaml", Installed }.FirstOrDefault(File.Exists);
        if (path is null)
        {
            var none = Read("", SettingsFile.Parse("", "edge.yaml", new SettingsFaults()), new SettingsFaults());
            none.Faults.Add($"There is no edge.yaml in {Environment.CurrentDirectory}, and no {Installed}; write one, or name another with --config.");
            return none;
        }

        path = System.IO.Path.GetFullPath(path);
        var faults = new SettingsFaults();
        return Read(path, SettingsFile.Read(path, faults), faults);
    }

    /// <summary>The same house on simulated lines.</summary>
    public EdgeSettings Simulated() => this with { House = House with { Gpio = new GpioSettings(Driver: GpioSettings.Simulated) } };

    private static EdgeSettings Read(string path, SettingsSection root, SettingsFaults faults)
    {
        var options = EdgeOptions.Read(root);
        if (options.Model.Folder is { } folder)
        {
            // Where the service was started from must not matter.
            options = options with { Model = options.Model with { Folder = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", folder) } };
        }

        var house = HouseSettings.Read(root);
        root.Done();
        CheckTopics(house, faults);
        return new(path, house, options, faults);
    }

    private static void CheckTopics(HouseSettings house, SettingsFaults faults)
    {
        foreach (var same in house.Devices.GroupBy(d => Topics.Level(d.Name), StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            var second = same.ElementAt(1);
            faults.Add($"devices \"{same.First().Name}\" and \"{second.Name}\" would share the topic level \"{same.Key}\"; rename one ({second.Place}).");
        }
    }
}
