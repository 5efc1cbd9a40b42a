using System.Globalization;
using System.Text.RegularExpressions;

namespace Edge.Runtime.Commands;

/// <summary>
/// A comparison with a number in a command ("if the bedroom is above 25 degrees …"). Small models are weak at arithmetic, so that what may
/// move a line is compared here, not by the model. English, like the shipped model.
/// </summary>
/// <param name="Subject">The words between the condition's first word and the comparison.</param>
/// <param name="Comparison">How a reading is compared with the threshold.</param>
/// <param name="Negated">The command said "unless".</param>
public sealed partial record Condition(string Subject, Comparison Comparison, decimal Threshold, bool Negated)
{
    /// <summary>The first such comparison in <paramref name="text"/>; null if there is none, or if it is only asked about ("tell me if …").</summary>
    public static Condition? Find(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups["number"].Value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal threshold))
        {
            return null;
        }

        return new Condition(match.Groups["subject"].Value.Trim(), Of(match), threshold, match.Groups["word"].Value.Equals("unless", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether <paramref name="reading"/> fulfils the condition.</summary>
    public bool Holds(decimal reading) => Negated != Comparison switch
    {
        Comparison.Above => reading > Threshold,
        Comparison.AtLeast => reading >= Threshold,
        Comparison.Below => reading < Threshold,
        _ => reading <= Threshold,
    };

    /// <summary>For the user: "above 25".</summary>
    public override string ToString() => Comparison switch
    {
        Comparison.Above => "above ",
        Comparison.AtLeast => "at least ",
        Comparison.Below => "below ",
        _ => "at most ",
    } + Threshold.ToString(CultureInfo.InvariantCulture);

    private static Comparison Of(Match match) =>
        match.Groups["above"].Success ? Comparison.Above
        : match.Groups["below"].Success ? Comparison.Below
        : match.Groups["least"].Success ? Comparison.AtLeast
        : Comparison.AtMost;

    [GeneratedRegex(
        """
        (?<!\b(?:tell\s+me|know|check|see|ask|wonder|say|report|find\s+out|test|verify)\s+)
        \b(?<word>if|when|once|unless|provided|as\s+long\s+as|in\s+case|while|should)\b(?<subject>[^.;!?]{0,100}?)
        (?:
          (?<least>\bat\s+least|>=|≥)
        | (?<most>\bat\s+most|<=|≤)
        | (?<above>\b(?:above|over|exceeds?|past|(?:more|greater|higher|warmer|hotter|brighter|louder|wetter)\s+than|rises?\s+above|goes\s+(?:above|over))|>)
        | (?<below>\b(?:below|under|beneath|(?:less|lower|fewer|colder|cooler|darker|drier)\s+than|falls?\s+below|drops?\s+(?:below|under)|goes\s+(?:below|under))|<)
        )
        \s*(?<number>-?[0-9]+(?:[.,][0-9]+)?)
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}

/// <summary>How a reading is compared with a threshold.</summary>
public enum Comparison
{
    /// <summary>Greater.</summary>
    Above,

    /// <summary>Greater or equal.</summary>
    AtLeast,

    /// <summary>Less.</summary>
    Below,

    /// <summary>Less or equal.</summary>
    AtMost,
}
