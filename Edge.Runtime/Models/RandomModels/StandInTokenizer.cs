using System.Text.Json;
using Edge.Runtime.Tokens.Bpe;

namespace Edge.Runtime.Models.RandomModels;

/// <summary>A tokenizer for models without one: a token a byte, and markers as far as the vocabulary reaches.</summary>
internal static class StandInTokenizer
{
    private static readonly string[] _markers = ["<|begin|>", "<|end|>", "<|im_start|>", "<|im_end|>"];

    public static void Write(string path, int vocabulary)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        int bytes = Math.Min(256, vocabulary);
        json.WriteStartObject();
        json.WriteStartArray("added_tokens");
        for (int i = 0; i < _markers.Length && bytes + i < vocabulary; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", bytes + i);
            json.WriteString("content", _markers[i]);
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

        json.WriteEndObject();
        json.WriteStartArray("merges");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
