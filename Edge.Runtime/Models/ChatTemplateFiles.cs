using System.Text.Json;

namespace Edge.Runtime.Models;

/// <summary>Finds the chat template of a model folder: <c>chat_template.jinja</c>, or in <c>tokenizer_config.json</c> one text or several by name.</summary>
public static class ChatTemplateFiles
{
    private const long FileBytesMax = 16L << 20;
    public const string JinjaFile = "chat_template.jinja";
    public const string ConfigFile = "tokenizer_config.json";

    /// <summary>The template, the one for functions where there are several; null where the folder has none.</summary>
    /// <exception cref="ModelException">A file is unreadable or malformed.</exception>
    public static string? Read(string folder)
    {
        string jinja = Path.Combine(folder, JinjaFile), config = Path.Combine(folder, ConfigFile);
        try
        {
            return File.Exists(jinja) ? File.ReadAllText(jinja) : File.Exists(config) ? JsonFile.Read(config, FileBytesMax, Find) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{jinja} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>The names of special tokens that templates use: bos_token, eos_token and so on, as texts.</summary>
    public static IReadOnlyDictionary<string, string> ReadSpecialTokens(string folder)
    {
        string config = Path.Combine(folder, ConfigFile);
        return File.Exists(config) ? JsonFile.Read(config, FileBytesMax, FindSpecialTokens) : new Dictionary<string, string>();
    }

    /// <summary>A text of <c>tokenizer_config.json</c>; null where it is not there.</summary>
    internal static string? ReadText(string folder, string name)
    {
        string config = Path.Combine(folder, ConfigFile);
        return File.Exists(config) ? JsonFile.Read(config, FileBytesMax, root => Text(root, name)) : null;
    }

    private static string? Find(JsonElement root)
    {
        if (!root.TryGetProperty("chat_template", out var template))
        {
            return null;
        }

        if (template.ValueKind != JsonValueKind.Array)
        {
            return template.ValueKind == JsonValueKind.String ? template.GetString() : null;
        }

        var byName = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var named in template.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.Object))
        {
            byName[Text(named, "name") ?? ""] = Text(named, "template");
        }

        return byName.GetValueOrDefault("tool_use") ?? byName.GetValueOrDefault("default");
    }

    private static Dictionary<string, string> FindSpecialTokens(JsonElement root)
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in (ReadOnlySpan<string>)["bos_token", "eos_token", "unk_token", "pad_token"])
        {
            // A text, or an added token with its content.
            if (root.TryGetProperty(name, out var token) && (token.ValueKind == JsonValueKind.Object ? Text(token, "content") : Text(root, name)) is { } text)
            {
                tokens[name] = text;
            }
        }

        return tokens;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
