namespace Edge.Tests.Fakes;

/// <summary>Folders for one test each, removed when the test process ends.</summary>
internal static class TemporaryFolder
{
    private static readonly DirectoryInfo Root = CreateRoot();

    public static string Create() => Root.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    private static DirectoryInfo CreateRoot()
    {
        var root = Directory.CreateTempSubdirectory("edge-tests-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => root.Delete(recursive: true);
        return root;
    }
}
