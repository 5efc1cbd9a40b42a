using System.Globalization;
using Edge.Functions.Sensors;
using Edge.Functions.Survey;
using Edge.Runtime.Hosting.Metrics;
using Edge.Runtime.Models;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>The part of <c>edge check</c> about the machine: memory and whether the model fits, heat, what holds the board back.</summary>
/// <param name="sysfsRoot"><c>/sys</c>, or a fake tree.</param>
/// <param name="procRoot"><c>/proc</c>, the same.</param>
internal sealed class MachineSurvey(string sysfsRoot, string procRoot)
{
    private const string Topic = "board";

    // What edge-38m takes besides its weights and cache: runtime, ONNX Runtime, broker. Measured 2026-11-25, 90 MB with weights of 30 MB.
    private const long OverheadBytes = 70_000_000;

    // A Pi's firmware lowers the clock from here on. Source: Raspberry Pi documentation, frequency management and thermal control.
    private const double HotCelsius = 80;

    /// <param name="model">Null where none is needed or none could be opened.</param>
    public IEnumerable<Finding> Look(ModelFolder? model) => [.. Memory(model is null ? null : Wanted(model)), .. Heat(), .. Held()];

    /// <summary>Weights, the cache at its full length, and the rest.</summary>
    internal static long Wanted(ModelFolder model)
    {
        var config = model.Config;
        long cache = 2L * config.Layers * config.KvHeads * config.HeadDim * sizeof(float) * Math.Min(config.ContextLength, 2048);
        long weights = Directory.EnumerateFiles(Path.GetDirectoryName(model.OnnxPath)!, "*.onnx*").Sum(f => new FileInfo(f).Length);
        return weights + cache + OverheadBytes;
    }

    /// <param name="wanted">Bytes; null for no model.</param>
    internal IEnumerable<Finding> Memory(long? wanted)
    {
        string file = Path.Combine(procRoot, "meminfo");
        long total = 0, available = 0;
        foreach (string line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            total = Kilobytes(line, "MemTotal:") ?? total;
            available = Kilobytes(line, "MemAvailable:") ?? available;
        }

        if (total > 0)
        {
            bool fits = wanted is null || wanted <= available;
            yield return new Finding(
                Topic,
                string.Create(CultureInfo.InvariantCulture, $"{total / 1e9:0.0} GB memory, {available / 1e9:0.0} GB free") + (wanted is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"; the model takes about {bytes / 1e9:0.00} GB") : ""),
                fits ? null : "stop other programs, take a smaller model, or a board with more memory")
            { IsFault = !fits };
        }

        if (wanted is { } needs && UnitLimit() is { } limit && needs > limit)
        {
            yield return new Finding(
                Topic,
                string.Create(CultureInfo.InvariantCulture, $"the unit lets Edge take {limit / 1e9:0.00} GB, less than the model"),
                string.Create(CultureInfo.InvariantCulture, $"sudo systemctl edit edge: [Service] MemoryMax={needs * 5 / 4 / 1_000_000}M"))
            { IsFault = true };
        }
    }

    internal IEnumerable<Finding> Heat() => BoardTemperature.Read(sysfsRoot) is { } celsius
        ? [new Finding(Topic, string.Create(CultureInfo.InvariantCulture, $"processor at {celsius:0.0} °C"), celsius >= HotCelsius ? "a Pi slows down from 80 °C on: fit a cooler" : null)]
        : [];

    internal IEnumerable<Finding> Held()
    {
        if (Throttling.Read(sysfsRoot) is not { } held)
        {
            return [];
        }

        string text = held.Now.Length > 0 ? $"held back now: {string.Join(", ", held.Now)}"
            : held.Before.Length > 0 ? $"was held back since its start: {string.Join(", ", held.Before)}"
            : "not held back";
        string? wayOut = held.Now.Concat(held.Before).Contains("undervoltage") ? "use a supply of 5 V and 5 A (a Pi 4: 3 A) and a short cable"
            : held.Now.Length + held.Before.Length > 0 ? "fit a cooler"
            : null;
        return [new Finding(Topic, text, wayOut)];
    }

    /// <summary>What the running service's cgroup may have. Source: Linux, Documentation/admin-guide/cgroup-v2.rst, memory.max.</summary>
    /// <returns>Null where there is no limit, or no service.</returns>
    private long? UnitLimit()
    {
        try
        {
            string file = Path.Combine(sysfsRoot, "fs/cgroup/system.slice/edge.service/memory.max");
            return File.Exists(file) && long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Kilobytes(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && long.TryParse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes)
            ? kilobytes * 1024
            : null;
}
