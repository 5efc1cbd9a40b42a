using System.Diagnostics;
using Edge.Runtime.Inference;
using Edge.Runtime.Models;

namespace Edge.Tests.Benchmarks;

/// <summary>Loads a converted model and runs it once: a prompt of 64 tokens, then 32 tokens one by one.</summary>
internal static class DecodeSpeed
{
    private const int Prompt = 64, Answer = 32;

    public static void Run(string path)
    {
        long start = Stopwatch.GetTimestamp();
        using var decoder = new OnnxDecoder(ModelFolder.Open(path), new DecoderOptions { ContextMax = 512, Threads = 2 });
        double loadMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        int[] tokens = [.. Enumerable.Range(0, Prompt).Select(i => i % decoder.Vocabulary)];
        decoder.Run(tokens);
        decoder.Truncate(0);
        start = Stopwatch.GetTimestamp();
        decoder.Run(tokens);
        double prefillMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        double[] steps = [.. Enumerable.Range(0, Answer).Select(i =>
        {
            long before = Stopwatch.GetTimestamp();
            decoder.Run([i]);
            return Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        }).Order()];
        Console.WriteLine($"  load {loadMs / 1000:0.0} s; prefill {Prompt * 1000 / prefillMs:0.0} tokens/s; decode {1000 / steps[Answer / 2]:0.0} tokens/s (best {1000 / steps[0]:0.0}); peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
    }
}
