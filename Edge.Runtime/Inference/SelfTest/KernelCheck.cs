namespace Edge.Runtime.Inference.SelfTest;

/// <summary>One comparison of a kernel with its plain reference.</summary>
/// <param name="Name">What was compared.</param>
/// <param name="Error">The largest difference, as a part of the largest value of the reference.</param>
/// <param name="Limit">What is still right.</param>
internal sealed record KernelCheck(string Name, double Error, double Limit)
{
    /// <summary>Also false for a NaN.</summary>
    public bool Passed => Error <= Limit;

    public static KernelCheck Compare(string name, ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, double limit)
    {
        double largest = 0, error = actual.Length == expected.Length ? 0 : double.NaN;
        for (int i = 0; i < expected.Length && i < actual.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            error = Math.Max(error, Math.Abs(actual[i] - expected[i]));
        }

        // Math.Max carries a NaN on; a reference of zeros compares nothing.
        return new(name, largest > 0 ? error / largest : double.NaN, limit);
    }
}
