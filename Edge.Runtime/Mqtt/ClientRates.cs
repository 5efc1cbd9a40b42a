namespace Edge.Runtime.Mqtt;

/// <summary>
/// Counts each client's commands of the current minute. A guard against a client that runs away, not against one that lies about its name: those
/// who say none count as one.
/// </summary>
internal sealed class ClientRates(int perMinute, TimeProvider clock)
{
    /// <summary>Those beyond count as one.</summary>
    public const int ClientsMax = 1024;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _minute;

    /// <summary>Counts a command. Not thread-safe: messages arrive one after another.</summary>
    /// <returns>Whether the client is within its limit.</returns>
    public bool Count(CommandMessage message)
    {
        long minute = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (minute != _minute)
        {
            _minute = minute;
            _counts.Clear();
        }

        string client = message.Client ?? message.ResponseTopic ?? "";
        if (_counts.Count >= ClientsMax && !_counts.ContainsKey(client))
        {
            client = "";
        }

        int count = _counts.GetValueOrDefault(client) + 1;
        _counts[client] = count;
        return count <= perMinute;
    }
}
