namespace Edge.Tests.Fakes;

/// <summary>A folder that looks like /sys.</summary>
public sealed class FakeSysfs : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("edge-sys-").FullName;

    public void Write(string file, string content)
    {
        string path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    /// <summary>A link to a folder, which is made.</summary>
    public void Link(string link, string target)
    {
        string path = Path.Combine(Root, link);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string folder = Directory.CreateDirectory(Path.Combine(Root, target)).FullName;
        if (!Path.Exists(path))
        {
            Directory.CreateSymbolicLink(path, folder);
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
