using System.Runtime.CompilerServices;

namespace Edge.Tests.Fakes;

/// <summary>Files of this repository, for tests that hold documents and code together.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", ".."));

    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
