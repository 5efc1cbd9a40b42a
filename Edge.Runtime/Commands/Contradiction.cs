using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Edge.Functions.Calls;
using Edge.Functions.Catalog;

namespace Edge.Runtime.Commands;

/// <summary>
/// Where a call contradicts its sentence. A grammar leaves a model nothing but legal values, so that "dim the kitchen light to 300" becomes
/// another lamp at 30: legal, and not what was said. Only what is certain counts: a number beyond the limit that was cut or bounded, and a
/// device named in full that no call is about while its namesake moves. English, like the shipped model.
/// </summary>
internal static partial class Contradiction
{
    /// <summary>What to say instead of carrying out <paramref name="call"/>; null if nothing speaks against it.</summary>
    /// <param name="calls">All calls of the command, this one among them.</param>
    public static Denial? Find(string text, FunctionCall call, IReadOnlyList<FunctionCall> calls, FunctionCatalog catalog) =>
        catalog.Find(call.Name) is { IsReading: false } function && call.Arguments.ValueKind == JsonValueKind.Object
            ? OfDevice(text, call, calls, function, catalog) ?? OfNumber(text, call, function)
            : null;

    private static Denial? OfDevice(string text, FunctionCall call, IReadOnlyList<FunctionCall> calls, CatalogFunction function, FunctionCatalog catalog)
    {
        var own = Devices([function]);
        string[] moved = [.. Texts(call).Where(own.Contains)];
        if (moved.Length == 0 || moved.Any(m => Says(text, m)))
        {
            return null;
        }

        // "kitchen light" is not named by "kitchen light strip".
        string rest = text;
        var named = new List<string>();
        foreach (string device in Devices(catalog.Functions).OrderByDescending(d => d.Length).Where(d => Says(rest, d)))
        {
            named.Add(device);
            rest = Regex.Replace(rest, Whole(device), " ", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }

        var touched = calls.SelectMany(Texts).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string? meant = named.Find(n => !touched.Contains(n) && moved.All(m => IsNamesake(m, n, rest)));
        if (meant is null)
        {
            return null;
        }

        var can = catalog.Functions.Where(f => !f.IsReading && f.Targets.ContainsKey(meant)).Select(f => f.Name).ToList();
        string wayOut = can.Count == 0 ? "it only tells how it stands." : $"it knows {string.Join(", ", can)}.";
        return new Denial("other-device", $"The command names {meant}, so {string.Join(" and ", moved)} was not moved; {wayOut}");
    }

    /// <summary>Whether two names share a word, and nothing in the rest of the sentence points to the first.</summary>
    private static bool IsNamesake(string moved, string named, string rest)
    {
        var rare = Words(moved).Except(Words(named), StringComparer.OrdinalIgnoreCase).ToList();
        return rare.Count < Words(moved).Length && rare.Count > 0 && !rare.Any(w => Says(rest, w));
    }

    private static Denial? OfNumber(string text, FunctionCall call, CatalogFunction function)
    {
        var condition = Condition.Find(text);
        var said = Numbers().Matches(text)
            .Select(m => decimal.TryParse(m.Value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal n) ? n : (decimal?)null)
            .OfType<decimal>()
            .Where(n => n != condition?.Threshold)
            .ToList();
        if (said.Count == 0 || NumberWords().IsMatch(text))
        {
            return null;
        }

        foreach (var argument in call.Arguments.EnumerateObject())
        {
            if (argument.Value.ValueKind == JsonValueKind.Number && argument.Value.TryGetDecimal(out decimal value) && !said.Contains(value))
            {
                foreach (decimal wanted in said)
                {
                    if (IsDistorted(wanted, value, argument.Name, function) && Violation(call, argument.Name, wanted, function) is { } violation)
                    {
                        return new Denial(violation.Code, violation.Message);
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Whether <paramref name="value"/> is what a limit makes of <paramref name="wanted"/>: some of its digits, or the limit itself.</summary>
    private static bool IsDistorted(decimal wanted, decimal value, string argument, CatalogFunction function)
    {
        string digits = Digits(wanted), kept = Digits(value);
        return digits.StartsWith(kept, StringComparison.Ordinal) || digits.EndsWith(kept, StringComparison.Ordinal)
            || (function.Definition.Parameters.TryGetProperty("properties", out var properties)
                && properties.TryGetProperty(argument, out var schema)
                && (Limit(schema, "minimum") == value || Limit(schema, "maximum") == value));
    }

    private static decimal? Limit(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var limit) && limit.ValueKind == JsonValueKind.Number && limit.TryGetDecimal(out decimal value) ? value : null;

    private static SchemaViolation? Violation(FunctionCall call, string argument, decimal wanted, CatalogFunction function)
    {
        var arguments = JsonNode.Parse(call.Arguments.GetRawText())!.AsObject();
        arguments[argument] = JsonNode.Parse(wanted.ToString(CultureInfo.InvariantCulture));
        using var document = JsonDocument.Parse(arguments.ToJsonString());
        return function.Schema.CheckArguments(document.RootElement).Violation is { Code: "out-of-range" } violation ? violation : null;
    }

    private static string Digits(decimal number) => Math.Abs(number).ToString(CultureInfo.InvariantCulture);

    /// <summary>Names that stand for one device, not for a group.</summary>
    private static HashSet<string> Devices(IEnumerable<CatalogFunction> functions) => functions
        .SelectMany(f => f.Targets)
        .Where(t => t.Value.Count == 1 && t.Value[0].Name.Equals(t.Key, StringComparison.OrdinalIgnoreCase))
        .Select(t => t.Key)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Texts(FunctionCall call) => call.Arguments.ValueKind == JsonValueKind.Object
        ? call.Arguments.EnumerateObject().Where(a => a.Value.ValueKind == JsonValueKind.String).Select(a => a.Value.GetString()!)
        : [];

    private static string[] Words(string name) => name.Split([' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries);

    private static bool Says(string text, string words) =>
        Regex.IsMatch(text, Whole(words), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static string Whole(string words) => @"(?<!\w)" + Regex.Escape(words) + @"s?(?!\w)";

    [GeneratedRegex(@"(?<![\w.,])-?[0-9]{1,9}(?:[.,][0-9]{1,6})?(?![0-9])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();

    /// <summary>Words that give a degree without digits; where one stands, the digits may be about something else.</summary>
    [GeneratedRegex(
        @"\b(?:half|halfway|full|fully|max|maximum|min|minimum|quarter|third|middle|all\s+the\s+way|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|zero|brightest|dimmest|lowest|highest|slowest|fastest)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberWords();
}
