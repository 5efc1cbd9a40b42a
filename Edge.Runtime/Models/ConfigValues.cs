using System.Text.Json;

namespace Edge.Runtime.Models;

/// <summary>An object in <c>config.json</c>, read value by value; each in its range, or one line says what is wrong.</summary>
internal readonly record struct ConfigValues(string Path, JsonElement Json)
{
    public JsonElement? Find(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>An object inside; null where it is absent.</summary>
    public ConfigValues? Object(string name) => Find(name) is { } value
        ? value.ValueKind == JsonValueKind.Object ? this with { Json = value } : throw Fault($"{name} is {Short(value)}; use an object")
        : null;

    public int Integer(string name, int min, int max, int? absent = null)
    {
        if (Find(name) is not { } value)
        {
            return absent ?? throw Fault($"no \"{name}\"; copy the file again from its source");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max
            ? number
            : throw Fault($"{name} is {Short(value)}; use a whole number from {min} to {max}");
    }

    public double Number(string name, double? absent, double min, double max)
    {
        if (Find(name) is not { } value)
        {
            return absent ?? throw Fault($"no \"{name}\"; copy the file again from its source");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= min && number <= max
            ? number
            : throw Fault($"{name} is {Short(value)}; use a number from {min} to {max}");
    }

    public bool Flag(string name, bool absent = false) => Find(name) switch
    {
        null => absent,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { } value => throw Fault($"{name} is {Short(value)}; use true or false"),
    };

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw Fault($"{name} is {Short(value)}; use a text"),
    };

    /// <summary>One id, a list of ids, or none.</summary>
    public int[] TokenIds(string name, int vocabulary)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        int[] ids = new int[items.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            if (items[i].ValueKind != JsonValueKind.Number || !items[i].TryGetInt32(out ids[i]) || ids[i] < 0 || ids[i] >= vocabulary)
            {
                throw Fault($"{name} is {Short(items[i])}; use a token id from 0 to {vocabulary - 1}");
            }
        }

        return ids;
    }

    public ModelException Fault(string what) => new($"{Path}: {what}.");

    public static string Short(JsonElement value) => value.GetRawText() is { Length: > 80 } raw ? raw[..80] + "…" : value.GetRawText();
}
