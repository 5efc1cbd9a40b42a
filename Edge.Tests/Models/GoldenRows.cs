using System.Text.Json;
using Edge.Tests.Fakes;

namespace Edge.Tests.Models;

/// <summary>A prompt with what an independent float implementation answers to it.</summary>
internal sealed record GoldenRow(int[] PromptIds, GoldenAnswer Float, GoldenAnswer Int4);

/// <param name="TopIds">The eight likeliest first tokens.</param>
/// <param name="TopLogits">Theirs.</param>
/// <param name="Ids">The greedy answer with its end token.</param>
internal sealed record GoldenAnswer(int[] TopIds, float[] TopLogits, int[] Ids);

internal static class GoldenRows
{
    public const string Model = "models/edge-38m";

    public static List<GoldenRow> Read()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.FindOrSkip($"{Model}/golden.json")));
        return [.. json.RootElement.EnumerateArray().Select(r => new GoldenRow(Ids(r.GetProperty("prompt_ids")), Answer(r.GetProperty("float")), Answer(r.GetProperty("int4"))))];
    }

    private static GoldenAnswer Answer(JsonElement answer)
    {
        var top = answer.GetProperty("first_top8");
        return new GoldenAnswer(Ids(top.GetProperty("ids")), [.. top.GetProperty("logits").EnumerateArray().Select(l => l.GetSingle())], Ids(answer.GetProperty("answer_ids")));
    }

    private static int[] Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(i => i.GetInt32())];
}
