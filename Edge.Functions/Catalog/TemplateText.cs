using System.Text.Json;
using System.Text.RegularExpressions;

namespace Edge.Functions.Catalog;

/// <summary>Text with <c>{argument}</c> in it.</summary>
public static partial class TemplateText
{
    public static IEnumerable<string> Placeholders(string text) => Placeholder().Matches(text).Select(m => m.Groups[1].Value);

    public static bool StartsWithPlaceholder(string text) => Placeholder().Match(text) is { Success: true, Index: 0 };

    /// <summary>Puts arguments in. Braces around anything else stay: payloads are often JSON.</summary>
    /// <param name="write">How a value appears; not called for names that are no arguments.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, JsonElement> arguments, Func<JsonElement, string> write) =>
        Placeholder().Replace(text, match => arguments.TryGetValue(match.Groups[1].Value, out var value) ? write(value) : match.Value);

    [GeneratedRegex(@"\{([A-Za-z_][A-Za-z0-9_.-]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
