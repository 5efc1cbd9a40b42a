namespace Edge.Runtime.Models.Calibration;

/// <summary>How strong each channel of a group's input is on some text.</summary>
/// <param name="Magnitudes">Mean of |x|, (channels).</param>
/// <param name="Squares">Mean of x², (channels).</param>
public sealed record ChannelStatistics(float[] Magnitudes, float[] Squares);

/// <summary>
/// What a model's activations look like on a text: by group, the name of what the projections of the group read (<c>layer.0.attention_norm</c>,
/// <c>layer.0.mlp_norm</c>, <c>layer.0.gated</c>, <c>final_norm</c>).
/// </summary>
/// <param name="Source">The text file.</param>
/// <param name="Groups">By group.</param>
public sealed record ActivationStatistics(string Source, IReadOnlyDictionary<string, ChannelStatistics> Groups)
{
    /// <summary>The name of a graph's output with a group's magnitudes.</summary>
    public static string MagnitudesOf(string group) => $"magnitudes.{group}";

    /// <summary>The same with its squares.</summary>
    public static string SquaresOf(string group) => $"squares.{group}";
}
