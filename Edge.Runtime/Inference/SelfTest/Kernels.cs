namespace Edge.Runtime.Inference.SelfTest;

/// <summary>Whether this CPU computes what it should: every kernel that a model uses, against plain arithmetic.</summary>
internal static class Kernels
{
    public static IEnumerable<KernelCheck> Check()
    {
        NativeEnvironment.DisableTelemetry();
        return [.. MatrixCheck.Run(), .. AttentionCheck.Run()];
    }
}
