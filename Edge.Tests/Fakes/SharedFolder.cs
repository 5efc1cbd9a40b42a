using System.Runtime.CompilerServices;
using Xunit;

namespace Edge.Tests.Fakes;

/// <summary>The data that stands beside a checkout (suites, models, schemas) and is not part of the project.</summary>
internal static class SharedFolder
{
    /// <summary>The full path of <paramref name="relative"/> under the nearest <c>shared</c> folder beside or above the repository; null where there is none.</summary>
    public static string? Find(string relative)
    {
        for (var folder = new DirectoryInfo(SourceFolder()); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>The same, or the test is skipped with a reason.</summary>
    public static string FindOrSkip(string relative)
    {
        string? path = Find(relative);
        Assert.SkipWhen(path is null, $"No shared/{relative} beside this checkout.");
        return path!;
    }

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
