namespace Edge.Runtime.Mqtt;

/// <summary>How long to wait before the next try: doubles from 0.5 s to 30 s, and half of it is chance, so that boards do not knock together.</summary>
public sealed class Backoff(Random random)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _tries;

    public TimeSpan Next()
    {
        double whole = Math.Min(First.TotalSeconds * Math.Pow(2, _tries), Longest.TotalSeconds);
        _tries = Math.Min(_tries + 1, 16);
        return TimeSpan.FromSeconds(whole * (0.5 + (random.NextDouble() / 2)));
    }

    public void Reset() => _tries = 0;
}
