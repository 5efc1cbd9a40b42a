using System.Globalization;
using System.Numerics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Edge.Functions.Settings;

namespace Edge.Runtime.Hosting;

/// <summary>
/// Which cores compute with the model and which serve lines and the hub: on a Pi 5 three and one, so that a long answer delays no button.
/// A native thread takes over the cores of the one that starts it (sched_setaffinity(2)), so ONNX Runtime's are made by a thread on the
/// model's; the thread of the commands settles there itself. All others have those of the first thread.
/// </summary>
/// <param name="Model">A bit a core; 0 for any.</param>
/// <param name="Io">The same.</param>
public sealed partial record Cores(ulong Model, ulong Io)
{
    /// <summary>The name that ONNX Runtime's threads take over.</summary>
    internal const string ModelThread = "model";
    private const int CoresMax = 64;

    /// <summary>One for each core named for the model that Edge may use; 0 when none is named.</summary>
    public int ModelThreads => BitOperations.PopCount(Model & Allowed());

    /// <summary><c>board: {cores: {model: 1-3, io: 0}}</c></summary>
    /// <returns>Null when nothing is said.</returns>
    public static Cores? Read(SettingsSection board)
    {
        var cores = board.Section("cores");
        var read = cores.IsPresent ? new Cores(Read(cores, "model"), Read(cores, "io")) : null;
        cores.Done();
        board.Done();
        return read;
    }

    /// <summary>Runs something on a thread of its own on these cores and waits for it; native threads it starts keep them, no other thread is touched.</summary>
    public static T RunOn<T>(ulong? cores, Func<T> work)
    {
        if (cores is null or 0 || !OperatingSystem.IsLinux())
        {
            return work();
        }

        T result = default!;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(() =>
        {
            Settle(cores.Value);
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                fault = ExceptionDispatchInfo.Capture(e);
            }
        })
        { Name = ModelThread };
        thread.Start();
        thread.Join();
        fault?.Throw();
        return result;
    }

    /// <summary>The thread that calls stays on these cores.</summary>
    public static void Settle(ulong cores)
    {
        if (OperatingSystem.IsLinux())
        {
            Set(0, cores);
        }
    }

    /// <summary>All threads there are so far serve lines and the hub.</summary>
    public void MoveProcess()
    {
        if (Io == 0 || !OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            Set(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), Io);
        }
    }

    /// <summary>"0", "1-3", "0,2-3".</summary>
    /// <returns>Null when it is no list of cores.</returns>
    internal static ulong? Parse(string text)
    {
        ulong cores = 0;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2 || !TryCore(ends[0], out int first) || !TryCore(ends[^1], out int last) || last < first)
            {
                return null;
            }

            for (int core = first; core <= last; core++)
            {
                cores |= 1UL << core;
            }
        }

        return cores;
    }

    /// <summary>0b1101 → "0,2-3".</summary>
    internal static string ToText(ulong cores)
    {
        var ranges = new List<string>();
        for (int first = 0; first < CoresMax; first++)
        {
            if ((cores >> first & 1) == 1)
            {
                int count = BitOperations.TrailingZeroCount(~(cores >> first));
                ranges.Add(count == 1 ? $"{first}" : $"{first}-{first + count - 1}");
                first += count;
            }
        }

        return string.Join(',', ranges);
    }

    /// <summary>By the kernel's word, which also knows of CPUAffinity= and containers.</summary>
    private static ulong Allowed() => OperatingSystem.IsLinux() && GetAffinity(0, sizeof(ulong), out ulong cores) == 0 ? cores
        : Environment.ProcessorCount >= CoresMax ? ulong.MaxValue
        : (1UL << Environment.ProcessorCount) - 1;

    private static bool TryCore(string text, out int core) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out core) && core < CoresMax;

    private static ulong Read(SettingsSection cores, string key)
    {
        if (cores.OptionalText(key, 64) is not { } text)
        {
            return 0;
        }

        ulong all = Allowed();
        if (Parse(text) is not { } wanted)
        {
            cores.Fault(key, $"is \"{text}\"; use cores as in 0, 1-3 or 0,2-3");
        }
        else if ((wanted & all) == 0)
        {
            cores.Fault(key, $"is \"{text}\", and the cores that Edge may use here are {ToText(all)}; use some of these");
        }
        else
        {
            return wanted;
        }

        return 0;
    }

    // Refused by the kernel, the thread stays where it may run: slower, not wrong.
    private static void Set(int thread, ulong cores) => _ = SetAffinity(thread, sizeof(ulong), in cores);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint bytes, in ulong cores);

    // The library's function of this name answers 0 for "all went well"; more than 64 cores are an error.
    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint bytes, out ulong cores);
}
