namespace Edge.Functions.Calls;

/// <summary>Where the time of a command's calls went. One thread at a time.</summary>
public sealed class CallTimes
{
    /// <summary>Moving, reading back, measuring, sending.</summary>
    public TimeSpan Hands { get; private set; }

    /// <summary>Binding, waiting for other calls, judging, and the audit log.</summary>
    public TimeSpan Gate => _whole - Hands;

    private TimeSpan _whole;

    internal void AddHands(TimeSpan time) => Hands += time;

    internal void AddWhole(TimeSpan time) => _whole += time;
}
