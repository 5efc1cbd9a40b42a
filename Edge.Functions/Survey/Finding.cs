namespace Edge.Functions.Survey;

/// <summary>Something the board has.</summary>
/// <param name="Topic"><c>gpio</c>, <c>i2c</c>, <c>spi</c>, <c>iio</c>, <c>hwmon</c>, <c>1-wire</c>, <c>pwm</c>.</param>
/// <param name="Text">What and where.</param>
/// <param name="Suggestion">A line for edge.yaml or config.txt; null for none.</param>
public sealed record Finding(string Topic, string Text, string? Suggestion = null)
{
    /// <summary>It keeps something that the settings name from working; the suggestion is the way out.</summary>
    public bool IsFault { get; init; }
}
