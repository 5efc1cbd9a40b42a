using Xunit;

namespace Edge.Tests.Fakes;

/// <summary>The folder <c>shared</c> beside the repository: large reference data that is not part of it.</summary>
internal static class SharedFolder
{
    /// <summary>The path of a file or folder in it, or null where it is absent.</summary>
    public static string? Find(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(RepositoryRoot.FullName, "..", "shared", relative));
        return Path.Exists(path) ? path : null;
    }

    /// <summary>The same, and the test is skipped with a reason where it is absent.</summary>
    public static string Need(string relative)
    {
        string? path = Find(relative);
        Assert.SkipWhen(path is null, $"shared/{relative} is not beside the repository.");
        return path!;
    }
}
