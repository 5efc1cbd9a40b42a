using System.Globalization;
using System.Text.Json;
using Edge.Functions.Settings;

namespace Edge.Functions.Catalog;

/// <summary>How schemas and values are said in one line.</summary>
internal static class SchemaWords
{
    public static string Choices(JsonElement choices, JsonElement value)
    {
        const int Listed = 12;
        var texts = choices.EnumerateArray().Select(c => c.ValueKind == JsonValueKind.String ? c.GetString()! : c.GetRawText()).ToList();
        string? nearest = value.ValueKind == JsonValueKind.String ? NearestName.Find(value.GetString()!, texts) : null;
        string list = texts.Count switch
        {
            1 => texts[0],
            <= Listed => "one of " + string.Join(", ", texts),
            _ => $"one of {string.Join(", ", texts.Take(Listed))} and {texts.Count - Listed} more",
        };
        return nearest is null || texts.Count == 1 ? list : $"{list}, perhaps {nearest}";
    }

    /// <summary><c> 0 to 100</c>, or nothing where there are no limits.</summary>
    public static string Range(JsonElement schema)
    {
        string Say(double number) => number.ToString(CultureInfo.InvariantCulture);
        double? min = Limit(schema, "minimum");
        double? max = Limit(schema, "maximum");
        return (min, max) switch
        {
            ({ } a, { } b) => $" {Say(a)} to {Say(b)}",
            ({ } a, null) => $" {Say(a)} or more",
            (null, { } b) => $" {Say(b)} or less",
            _ when Limit(schema, "exclusiveMinimum") is { } above => $" more than {Say(above)}",
            _ when Limit(schema, "exclusiveMaximum") is { } below => $" less than {Say(below)}",
            _ => "",
        };
    }

    public static string Article(string type) => type switch
    {
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "text",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        _ => type,
    };

    public static string Say(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Quote(value.GetString()!),
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Undefined => "nothing",
        _ => value.GetRawText() is { Length: <= 40 } text ? text : value.GetRawText()[..40] + "…",
    };

    public static string Quote(string text) => $"\"{(text.Length <= 60 ? text : text[..60] + "…").ReplaceLineEndings(" ")}\"";

    public static double? Limit(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var limit) ? limit.GetDouble() : null;
}
