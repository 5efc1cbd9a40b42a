namespace Edge.Runtime.Hosting.Verbs;

/// <summary>Ends a verb with lines on stderr.</summary>
internal static class Faults
{
    /// <returns>78.</returns>
    public static int WrongSetting(params IEnumerable<string> lines) => Print(ExitCode.WrongSetting, lines);

    public static int Print(int exitCode, params IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            Console.Error.WriteLine(line);
        }

        return exitCode;
    }
}
