namespace Edge.Runtime.Models;

/// <summary>How positions turn queries and keys.</summary>
/// <param name="Dim">Dimensions of a head that turn, from the first on.</param>
/// <param name="Theta">Base of the frequencies.</param>
public sealed record RotaryConfig(int Dim, double Theta)
{
    /// <summary>Positions are divided by it; 1 for none.</summary>
    public double LinearFactor { get; init; } = 1;

    /// <summary>Llama 3's rule; null for none.</summary>
    public Llama3Scaling? Llama3 { get; init; }

    /// <summary>
    /// Turns a position, in radians, of each pair (dim / 2): base^(−2i / dim), scaled. Source: Su et al. 2021, RoFormer, section 3.4.2;
    /// Chen et al. 2023, position interpolation; Llama 3's published code.
    /// </summary>
    public double[] Frequencies()
    {
        double[] frequencies = new double[Dim / 2];
        for (int pair = 0; pair < frequencies.Length; pair++)
        {
            double frequency = Math.Pow(Theta, -2.0 * pair / Dim) / LinearFactor;
            frequencies[pair] = Llama3?.Apply(frequency) ?? frequency;
        }

        return frequencies;
    }
}

/// <summary>Slows what turns slowly, leaves what turns fast, and blends in between.</summary>
/// <param name="Factor">How much slower.</param>
/// <param name="LowFactor">Turns within the original context up to which a frequency is slowed fully.</param>
/// <param name="HighFactor">Turns from which it is left as it is.</param>
/// <param name="OriginalContext">Positions the model was first trained on.</param>
public sealed record Llama3Scaling(double Factor, double LowFactor, double HighFactor, int OriginalContext)
{
    public double Apply(double frequency)
    {
        double turns = OriginalContext * frequency / (2 * Math.PI);
        double kept = Math.Clamp((turns - LowFactor) / (HighFactor - LowFactor), 0, 1);
        return ((1 - kept) * frequency / Factor) + (kept * frequency);
    }
}
