namespace Edge.Functions.Displays;

/// <summary>How long a drawing may take, looked at between its rows.</summary>
public sealed class DrawingTime(TimeSpan limit, TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();

    /// <exception cref="TimeoutException">It is over.</exception>
    public void ThrowIfOver()
    {
        if (clock.GetElapsedTime(_start) >= limit)
        {
            throw new TimeoutException(FormattableString.Invariant($"it takes longer than {limit.TotalSeconds:0.#} s"));
        }
    }
}
