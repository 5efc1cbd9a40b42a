using Edge.Functions.Settings;

namespace Edge.Runtime.Hosting;

/// <summary>edge.yaml, read as a whole: either everything is right or there are faults.</summary>
/// <param name="Path">The file; null when there is none.</param>
public sealed record EdgeSettings(string? Path, EdgeOptions Options, SettingsFaults Faults)
{
    private const string Installed = "/etc/edge/edge.yaml";

    /// <param name="named">From the command line; null for ./edge.yaml, then /etc/edge/edge.yaml.</param>
    public static EdgeSettings Load(string? named)
    {
        var faults = new SettingsFaults();
        string? path = named ?? new[] { System.IO.Path.GetFullPath("edge.yaml"), Installed }.FirstOrDefault(File.Exists);
        if (path is null)
        {
            faults.Add($"There is no edge.yaml in {Environment.CurrentDirectory}, and no {Installed}; write one, or name another with --config.");
            return new(null, EdgeOptions.Read(SettingsFile.Parse("", "edge.yaml", new SettingsFaults())), faults);
        }

        path = System.IO.Path.GetFullPath(path);
        var root = SettingsFile.Read(path, faults);
        var options = EdgeOptions.Read(root);
        if (options.Model.Folder is { } folder)
        {
            options = options with { Model = options.Model with { Folder = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, folder) } };
        }

        root.Done();
        return new(path, options, faults);
    }
}
