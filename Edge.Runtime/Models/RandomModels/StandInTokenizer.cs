using System.Text.Json;
using Edge.Runtime.Tokens.Bpe;

namespace Edge.Runtime.Models.RandomModels;

/// <summary>
/// A tokenizer for models without one: the bytes, a family's markers, and the most frequent pieces of commands and metadata, so that prompts have
/// about the length that a real vocabulary gives them.
/// </summary>
internal static class StandInTokenizer
{
    private static readonly string[] _markers = ["<|begin|>", "<|end|>", "<|im_start|>", "<|im_end|>"];

    /// <param name="path">The <c>tokenizer.json</c> to write.</param>
    /// <param name="vocabulary">Tokens that the model has; the file names as many or fewer.</param>
    /// <param name="markers">Special tokens, behind the bytes.</param>
    public static void Write(string path, int vocabulary, IReadOnlyList<string>? markers = null)
    {
        markers ??= _markers;
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        int bytes = Math.Min(256, vocabulary), named = Math.Min(markers.Count, vocabulary - bytes);
        var merges = StandInMerges.First(vocabulary - bytes - named);
        json.WriteStartObject();
        json.WriteStartArray("added_tokens");
        for (int i = 0; i < named; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", bytes + i);
            json.WriteString("content", markers[i]);
            json.WriteBoolean("special", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "ByteLevel");
        json.WriteEndObject();
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteStartObject("vocab");
        for (int value = 0; value < bytes; value++)
        {
            json.WriteNumber(ByteLetters.LetterOf((byte)value).ToString(), value);
        }

        for (int i = 0; i < merges.Count; i++)
        {
            json.WriteNumber(merges[i].Left + merges[i].Right, bytes + named + i);
        }

        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in merges)
        {
            json.WriteStringValue($"{left} {right}");
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
