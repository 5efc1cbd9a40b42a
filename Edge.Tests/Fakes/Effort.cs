namespace Edge.Tests.Fakes;

/// <summary>
/// How long tests by chance look: as long as a suite of seconds allows; with <c>EDGE_FULL=1</c> much longer; and a tenth where they are run once a
/// mutant (.ci/mutation), since what a mutant breaks is broken in most tries.
/// </summary>
internal static class Effort
{
    public static bool IsFull => Environment.GetEnvironmentVariable("EDGE_FULL") == "1";

    public static int Tries(int usual, int full) =>
#if MUTATION
        Math.Max(10, usual / 10);
#else
        IsFull ? full : usual;
#endif
}
