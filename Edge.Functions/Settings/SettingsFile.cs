namespace Edge.Functions.Settings;

/// <summary>Where settings come from: a YAML file, or YAML text in tests.</summary>
public static class SettingsFile
{
    /// <summary>A longer file is refused before it is read.</summary>
    public const int FileBytesMax = 1 << 20;

    /// <summary>Reads a file. When it cannot be read a fault says why and the section is empty.</summary>
    public static SettingsSection Read(string path, SettingsFaults faults)
    {
        string name = Path.GetFileName(path);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                faults.Add($"{path} does not exist; write one, or name another with --config.");
                return Empty(name, faults);
            }

            if (file.Length > FileBytesMax)
            {
                faults.Add($"{path} has {file.Length} bytes; use at most {FileBytesMax}.");
                return Empty(name, faults);
            }

            return Parse(File.ReadAllText(path), name, faults);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{path} cannot be read: {e.Message} Check its owner and permissions.");
            return Empty(name, faults);
        }
    }

    /// <param name="file">The name that faults mention.</param>
    public static SettingsSection Parse(string text, string file, SettingsFaults faults)
    {
        var node = new SettingsComposer(file, faults).Compose(text);
        return new SettingsValue(node, "", file, 1, faults).Section();
    }

    private static SettingsSection Empty(string file, SettingsFaults faults) => new(null, new SettingsValue(null, "", file, 1, faults));
}
