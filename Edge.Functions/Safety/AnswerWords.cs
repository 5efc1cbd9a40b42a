namespace Edge.Functions.Safety;

/// <summary>Yes and no as people say them. Whole answers only: "yes, but close the blinds" is a new command.</summary>
internal static class AnswerWords
{
    public static bool IsYes(string text) => IsOneOf(
        Plain(text), "yes", "y", "yes please", "yep", "yeah", "ok", "okay", "sure", "confirm", "confirmed", "do it", "yes do it", "go ahead", "please do");

    public static bool IsNo(string text) => IsOneOf(
        Plain(text), "no", "n", "no thanks", "nope", "cancel", "stop", "abort", "never mind", "don't", "do not", "no don't");

    /// <summary>A PIN as typed or dictated: <c>4711</c>, <c>4 7 1 1</c>; null when there is anything else in it.</summary>
    public static string? Digits(string text)
    {
        string digits = string.Concat(Plain(text).Where(c => !char.IsWhiteSpace(c)));
        return digits.Length > 0 && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    private static bool IsOneOf(string text, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (string.Equals(text, word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string Plain(string text) => text.Trim().TrimEnd('.', '!').Replace(",", "", StringComparison.Ordinal).Trim();
}
