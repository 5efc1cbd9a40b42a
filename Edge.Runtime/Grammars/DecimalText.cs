using System.Globalization;
using System.Numerics;

namespace Edge.Runtime.Grammars;

/// <summary>An exact decimal number, as written in a schema: <c>Unscaled · 10^-Scale</c> with no trailing zero in the fraction.</summary>
internal readonly record struct DecimalText(BigInteger Unscaled, int Scale)
{
    /// <summary>Reads a JSON number; exponents are resolved exactly.</summary>
    /// <exception cref="FormatException">The exponent is beyond ±400, more than any double has.</exception>
    public static DecimalText Parse(string json)
    {
        int e = json.IndexOfAny(['e', 'E']);
        int exponent = 0;
        if (e >= 0 && (!int.TryParse(json.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || exponent is < -400 or > 400))
        {
            throw new FormatException($"The exponent of {json} is beyond ±400.");
        }

        string digits = e < 0 ? json : json[..e];
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        int scale = (point < 0 ? 0 : digits.Length - point - 1) - exponent;
        var unscaled = BigInteger.Parse(digits.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        while (scale > 0 && unscaled % 10 == 0)
        {
            unscaled /= 10;
            scale--;
        }

        return scale < 0 ? new DecimalText(unscaled * BigInteger.Pow(10, -scale), 0) : new DecimalText(unscaled, unscaled.IsZero ? 0 : scale);
    }

    public bool IsNegative => Unscaled.Sign < 0;

    public bool IsInteger => Scale == 0;

    /// <summary>How many digits stand before the point.</summary>
    public int WholeDigits => Whole.ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>Digits before the point, of the magnitude.</summary>
    public BigInteger Whole => BigInteger.Abs(Unscaled) / BigInteger.Pow(10, Scale);

    /// <summary>Digits behind the point, without trailing zeros; empty for an integer.</summary>
    public string Fraction => Scale == 0
        ? ""
        : (BigInteger.Abs(Unscaled) % BigInteger.Pow(10, Scale)).ToString(CultureInfo.InvariantCulture).PadLeft(Scale, '0');

    public BigInteger Floor() => Scale == 0 || !IsNegative ? (IsNegative ? Unscaled : Whole) : -Whole - 1;

    public BigInteger Ceiling() => Scale == 0 || IsNegative ? (IsNegative ? -Whole : Whole) : Whole + 1;

    public int CompareTo(DecimalText other)
    {
        int scale = Math.Max(Scale, other.Scale);
        return (Unscaled * BigInteger.Pow(10, scale - Scale)).CompareTo(other.Unscaled * BigInteger.Pow(10, scale - other.Scale));
    }

    /// <summary>The shortest plain form: <c>-12.5</c>, never with an exponent.</summary>
    public override string ToString() => (IsNegative ? "-" : "") + Whole.ToString(CultureInfo.InvariantCulture) + (Scale == 0 ? "" : "." + Fraction);
}
