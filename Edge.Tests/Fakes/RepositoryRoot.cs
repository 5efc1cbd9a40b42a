namespace Edge.Tests.Fakes;

/// <summary>The folder of the solution, found upwards from where the tests run.</summary>
internal static class RepositoryRoot
{
    public static string FullName { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Edge.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("Edge.slnx is in no folder above the tests; run them inside the repository.");
    }
}
