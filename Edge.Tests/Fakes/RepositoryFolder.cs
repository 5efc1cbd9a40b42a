namespace Edge.Tests.Fakes;

/// <summary>The root of the repository, found by walking up from where the tests run.</summary>
public static class RepositoryFolder
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Edge.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("Edge.slnx is in no folder above the tests.");
    }
}
