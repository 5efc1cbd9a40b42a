using System.Runtime.InteropServices;

namespace Edge.Runtime.Inference;

/// <summary>
/// What ONNX Runtime needs of the process around it. Switches off what ONNX Runtime's official Linux builds do by default since 1.29: write telemetry below the home folder. It reads the native
/// environment, which <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not change; hence libc.
/// </summary>
internal static partial class NativeEnvironment
{
    private static bool s_done;

    /// <summary>Call before the first use of ONNX Runtime.</summary>
    public static void DisableTelemetry()
    {
        if (s_done || !(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()))
        {
            return;
        }

        s_done = true;
        _ = SetEnv("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);
    }

    /// <summary>
    /// Gives free pages of native memory back to the system: loading a graph leaves holes that nothing fits into again. Source: malloc_trim(3), which
    /// only glibc has; elsewhere nothing is done.
    /// </summary>
    public static unsafe void ReturnFreeMemory()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out nint trim))
        {
            _ = ((delegate* unmanaged<nuint, int>)trim)(0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
