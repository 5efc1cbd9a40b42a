namespace Edge.Functions.Safety;

/// <summary>Yes and no as people say them. Whole answers only: "yes, but close the blinds" is a new command.</summary>
internal static class AnswerWords
{
    private static readonly HashSet<string> YesWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "yes", "y", "yes please", "yep", "yeah", "ok", "okay", "sure", "confirm", "confirmed", "do it", "yes do it", "go ahead", "please do",
    };

    private static readonly HashSet<string> NoWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "no", "n", "no thanks", "nope", "cancel", "stop", "abort", "never mind", "don't", "do not", "no don't",
    };

    public static bool IsYes(string text) => YesWords.Contains(Plain(text));

    public static bool IsNo(string text) => NoWords.Contains(Plain(text));

    /// <summary>A PIN as typed or dictated: <c>4711</c>, <c>4 7 1 1</c>; null when there is anything else in it.</summary>
    public static string? Digits(string text)
    {
        string digits = string.Concat(Plain(text).Where(c => !char.IsWhiteSpace(c)));
        return digits.Length > 0 && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    private static string Plain(string text) => text.Trim().TrimEnd('.', '!').Replace(",", "", StringComparison.Ordinal).Trim();
}
