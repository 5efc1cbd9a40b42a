using System.Globalization;
using System.Net.Sockets;
using Edge.Functions.Sensors;
using Edge.Runtime.Hosting.Metrics;
using Edge.Runtime.Models;
using Edge.Runtime.Mqtt;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary>The part of <c>edge check</c> about the machine: memory and whether the model fits, what holds the board back, the broker.</summary>
internal static class MachineListing
{
    // What edge-38m takes besides its weights and cache: runtime, ONNX Runtime, broker. Measured 2026-11-25, 90 MB with weights of 30 MB.
    private const long OverheadBytes = 70_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>Whether nothing stands in the way of a start.</returns>
    public static async Task<bool> PrintAsync(MqttOptions mqtt, ModelFolder? model, string sysfsRoot, string meminfo, CancellationToken cancellationToken)
    {
        Console.WriteLine("board:");
        bool fits = PrintMemory(model, meminfo);
        PrintHeat(sysfsRoot);
        Console.WriteLine("broker:");
        return await PrintBrokerAsync(mqtt, cancellationToken) && fits;
    }

    private static bool PrintMemory(ModelFolder? model, string meminfo)
    {
        long total = 0, available = 0;
        foreach (string line in File.Exists(meminfo) ? File.ReadLines(meminfo) : [])
        {
            total = Kilobytes(line, "MemTotal:") ?? total;
            available = Kilobytes(line, "MemAvailable:") ?? available;
        }

        if (total == 0)
        {
            return true;
        }

        string memory = string.Create(CultureInfo.InvariantCulture, $"{total / 1e9:0.0} GB memory, {available / 1e9:0.0} GB free");
        if (model is null)
        {
            Say(memory);
            return true;
        }

        long wanted = Wanted(model);
        string needs = string.Create(CultureInfo.InvariantCulture, $"; the model takes about {wanted / 1e9:0.00} GB");
        bool fits = wanted <= available;
        Say(memory + needs, fits ? null : "stop other programs, take a smaller model, or a board with more memory");
        return fits;
    }

    /// <summary>Weights, the cache at its full length, and the rest.</summary>
    internal static long Wanted(ModelFolder model)
    {
        var config = model.Config;
        long cache = 2L * config.Layers * config.KvHeads * config.HeadDim * sizeof(float) * Math.Min(config.ContextLength, 2048);
        long weights = Directory.EnumerateFiles(Path.GetDirectoryName(model.OnnxPath)!, "*.onnx*").Sum(f => new FileInfo(f).Length);
        return weights + cache + OverheadBytes;
    }

    private static void PrintHeat(string sysfsRoot)
    {
        if (BoardTemperature.Read(sysfsRoot) is { } celsius)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"processor at {celsius:0.0} °C"), celsius >= 80 ? "a Pi slows down from 80 °C on: fit a cooler" : null);
        }

        if (Throttling.Read(sysfsRoot) is { } held)
        {
            Say(
                held.Now.Length > 0 ? $"held back now: {string.Join(", ", held.Now)}" : held.Before.Length > 0 ? $"was held back since its start: {string.Join(", ", held.Before)}" : "not held back",
                held.Now.Concat(held.Before).Contains("undervoltage") ? "use a supply of 5 V and 5 A (a Pi 4: 3 A) and a short cable" : held.Now.Length > 0 ? "fit a cooler" : null);
        }
    }

    private static async Task<bool> PrintBrokerAsync(MqttOptions mqtt, CancellationToken cancellationToken)
    {
        string at = $"{mqtt.Host}:{mqtt.Port}";
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        using var client = new TcpClient();
        bool answers = true;
        string why = "";
        try
        {
            await client.ConnectAsync(mqtt.Host, mqtt.Port, deadline.Token);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            answers = false;
            why = fault is SocketException ? fault.Message : $"no answer within {Patience.TotalSeconds:0} s";
        }

        switch (mqtt.Embedded, answers)
        {
            case (true, false):
                Say($"embedded; port {mqtt.Port} is free for it");
                return true;
            case (true, true):
                Say($"embedded; something listens on port {mqtt.Port} already", "fine if that is Edge (edge health); another broker there: set mqtt.embedded: false");
                return true;
            case (false, true):
                Say($"{at} answers");
                return true;
            default:
                // No fault: Edge starts without its broker and keeps trying.
                Say($"{at} does not answer ({why})", "start it, open its port (mosquitto: listener 1883), or name another in mqtt.host");
                return true;
        }
    }

    private static void Say(string text, string? wayOut = null) => Console.WriteLine(wayOut is null ? $"  {text}" : $"  {text,-44}  {wayOut}");

    private static long? Kilobytes(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && long.TryParse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes)
            ? kilobytes * 1024
            : null;
}
