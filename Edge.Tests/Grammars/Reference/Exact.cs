using System.Globalization;
using System.Numerics;
using System.Text;

namespace Edge.Tests.Grammars.Reference;

/// <summary>A decimal number without rounding: <paramref name="Digits"/> · 10^<paramref name="Exponent"/>, trailing zeros moved into the exponent.</summary>
internal readonly record struct Exact(BigInteger Digits, int Exponent) : IComparable<Exact>
{
    private const int ExponentMax = 5000;

    public bool IsInteger => Exponent >= 0;

    public bool IsNegative => Digits.Sign < 0;

    /// <param name="text">A JSON number.</param>
    /// <exception cref="NotSupportedException">Its exponent is beyond ±5,000.</exception>
    public static Exact Parse(string text)
    {
        int e = text.IndexOfAny(['e', 'E']);
        string mantissa = e < 0 ? text : text[..e];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        int exponent = 0;
        if (e >= 0 && (!int.TryParse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > ExponentMax))
        {
            throw new NotSupportedException($"Exponent of {text}.");
        }

        return Normal(BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), exponent - fraction);
    }

    public int CompareTo(Exact other)
    {
        int low = Math.Min(Exponent, other.Exponent);
        return At(low).CompareTo(other.At(low));
    }

    public bool IsMultipleOf(Exact step)
    {
        int low = Math.Min(Exponent, step.Exponent);
        return At(low) % step.At(low) == 0;
    }

    public Exact Plus(Exact other)
    {
        int low = Math.Min(Exponent, other.Exponent);
        return Normal(At(low) + other.At(low), low);
    }

    public Exact Times(BigInteger factor) => Normal(Digits * factor, Exponent);

    /// <summary>The shortest JSON text without an exponent.</summary>
    public override string ToString()
    {
        if (Exponent >= 0)
        {
            return At(0).ToString(CultureInfo.InvariantCulture);
        }

        string digits = BigInteger.Abs(Digits).ToString(CultureInfo.InvariantCulture).PadLeft(1 - Exponent, '0');
        return new StringBuilder(IsNegative ? "-" : "").Append(digits, 0, digits.Length + Exponent).Append('.').Append(digits, digits.Length + Exponent, -Exponent).ToString();
    }

    private BigInteger At(int exponent) => Digits * BigInteger.Pow(10, Exponent - exponent);

    private static Exact Normal(BigInteger digits, int exponent)
    {
        if (digits.IsZero)
        {
            return new Exact(0, 0);
        }

        while (digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }

        return new Exact(digits, exponent);
    }
}
