namespace Edge.Runtime.Grammars;

/// <summary>How a model family writes values: driving a model into a foreign spelling costs accuracy.</summary>
/// <param name="Comma">Between members and items.</param>
/// <param name="Colon">Between a member's name and its value.</param>
public sealed record TextStyle(string Comma, string Colon, string True, string False, string Null)
{
    /// <summary>
    /// The special token that stands at both ends of a string, which then holds its characters as they are, while members have bare names; null for
    /// JSON's quotes.
    /// </summary>
    public int? StringToken { get; init; }

    /// <summary>JSON without white space, as the shipped model writes it.</summary>
    public static readonly TextStyle Compact = new(",", ":", "true", "false", "null");

    /// <summary>JSON as Python's <c>json.dumps</c> writes it, and so most models.</summary>
    public static readonly TextStyle Spaced = new(", ", ": ", "true", "false", "null");

    /// <summary>Python literals.</summary>
    public static readonly TextStyle Python = new(", ", ": ", "True", "False", "None");
}
