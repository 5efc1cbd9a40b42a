namespace Edge.Runtime.Hosting.Metrics;

/// <summary>What stands at a value now; asked when somebody looks.</summary>
/// <param name="Waiting">Commands in the queue.</param>
/// <param name="IsConnected">Whether the broker is reached.</param>
/// <param name="Connections">How often it was reached since the start.</param>
/// <param name="Temperature">Of the board, in °C; null where it is not known.</param>
/// <param name="Throttling">Null where the board does not tell.</param>
public sealed record Gauges(Func<int> Waiting, Func<bool> IsConnected, Func<int> Connections, Func<double?> Temperature, Func<Throttling?> Throttling)
{
    /// <summary>For a label.</summary>
    public string Version { get; init; } = "";

    /// <summary>The same.</summary>
    public string Model { get; init; } = "";
}
