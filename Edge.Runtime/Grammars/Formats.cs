namespace Edge.Runtime.Grammars;

/// <summary>The string formats that are enforced, as expressions (RFC 3339 for dates and times, RFC 4122 for uuid, RFC 2673 for ipv4).</summary>
internal static class Formats
{
    /// <summary>Characters of the longest text of any format: uuid and date-time with nine digits of a second have fewer.</summary>
    public const int CharsMax = 40;

    /// <summary>The text between the quotes, or null for a format that is not known.</summary>
    public static int? Find(Expressions e, string name) => name switch
    {
        "date" => Date(e),
        "time" => Time(e),
        "date-time" => e.Sequence(Date(e), Set(e, "Tt"), Time(e)),
        "uuid" => Uuid(e),
        "ipv4" => Ipv4(e),
        _ => null,
    };

    private static int Date(Expressions e)
    {
        var numbers = new Patterns(e);
        int year = numbers.Compile("^[0-9]{4}$"), dash = Set(e, "-");

        // 28 days in every month, 29 and 30 in all but February, 31 in seven; 29 February in leap years.
        int common = e.Sequence(year, dash, e.Choice(
            numbers.Compile("^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$"),
            numbers.Compile("^(0[13-9]|1[0-2])-(29|30)$"),
            numbers.Compile("^(0[13578]|1[02])-31$")));
        int leap = numbers.Compile("^([0-9][0-9](0[48]|[2468][048]|[13579][26])|(0[048]|[2468][048]|[13579][26])00)-02-29$");
        return e.Choice(common, leap);
    }

    private static int Time(Expressions e)
    {
        var patterns = new Patterns(e);
        string fractionAndNoOffset = "(\\.[0-9]{1,9})?[Zz]";
        string fractionAndOffset = "(\\.[0-9]{1,9})?[+-]([01][0-9]|2[0-3]):[0-5][0-9]";

        // Leap seconds exist at 23:59:60 UTC only; with another offset they are not accepted here.
        return e.Choice(
            patterns.Compile("^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]" + fractionAndNoOffset + "$"),
            patterns.Compile("^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]" + fractionAndOffset + "$"),
            patterns.Compile("^23:59:60" + fractionAndNoOffset + "$"));
    }

    private static int Uuid(Expressions e) => new Patterns(e).Compile("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$");

    private static int Ipv4(Expressions e) =>
        new Patterns(e).Compile("^(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}$");

    private static int Set(Expressions e, string characters)
    {
        var set = ByteSet.None;
        foreach (char c in characters)
        {
            set = set.Or(ByteSet.Of((byte)c));
        }

        return e.Bytes(set);
    }
}
