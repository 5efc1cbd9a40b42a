namespace Edge.Runtime.Mqtt.Boards;

/// <summary>Which boards are online, as the broker tells in the order of its messages: their birth, their will, their leaving.</summary>
internal sealed class Availabilities
{
    /// <summary>Boards beyond are not kept: topics are a stranger's to choose.</summary>
    public const int BoardsMax = 256;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _online = new(StringComparer.Ordinal);
    private readonly string _id;

    public Availabilities(string id, BrokerLink link)
    {
        _id = id;
        link.On(BoardTopics.AllAvailabilities, OnAvailabilityAsync);

        // Its own word counts when the broker has said it back: then all see the same order.
        link.Joined += () => Set(_id, true);
        link.Lost += () => Set(_id, false);
    }

    /// <summary>A board came or went. Raised with the message that says so; do not block.</summary>
    public event Action<string, bool>? Changed;

    public bool IsOnline(string board)
    {
        lock (_lock)
        {
            return _online.Contains(board);
        }
    }

    private Task OnAvailabilityAsync(CommandMessage message)
    {
        string board = BoardTopics.OwnerOf(message.Topic);
        if (board != _id && Topics.IsId(board))
        {
            Set(board, message.Payload.Span.SequenceEqual("online"u8));
        }

        return Task.CompletedTask;
    }

    private void Set(string board, bool online)
    {
        lock (_lock)
        {
            if (online ? _online.Count >= BoardsMax || !_online.Add(board) : !_online.Remove(board))
            {
                return;
            }
        }

        Changed?.Invoke(board, online);
    }
}
