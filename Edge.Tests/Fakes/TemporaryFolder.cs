namespace Edge.Tests.Fakes;

/// <summary>A folder for one test. It goes away with the test, at the latest when the test process ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private static readonly DirectoryInfo Root = CreateRoot();

    public string FullName { get; } = Create();

    public string File(string name) => Path.Combine(FullName, name);

    public void Dispose() => Directory.Delete(FullName, recursive: true);

    /// <summary>A folder that stays until the test process ends.</summary>
    public static string Create() => Root.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    private static DirectoryInfo CreateRoot()
    {
        var root = Directory.CreateTempSubdirectory("edge-tests-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => root.Delete(recursive: true);
        return root;
    }
}
