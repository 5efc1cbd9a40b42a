namespace Edge.Runtime.Commands;

/// <summary>One sentence that somebody wants done.</summary>
/// <param name="Id">Chosen by the sender or by the gateway; the reply carries it.</param>
/// <param name="Text">Plain words.</param>
/// <param name="ReceivedAt">When the gateway saw it.</param>
/// <param name="Deadline">After this moment the command is not started, and decoding stops.</param>
/// <param name="Origin">Who asked: a client id, "ask", a hub entity.</param>
/// <param name="Session">Commands of one session share their turns; null for none.</param>
/// <param name="StartBy">The sender's own limit (MQTT 5 message expiry): after it the command is not started, but once started it may finish. Null for none.</param>
public sealed record Command(
    string Id, string Text, DateTimeOffset ReceivedAt, DateTimeOffset Deadline, string Origin, string? Session = null, DateTimeOffset? StartBy = null)
{
    /// <summary>Tells it from all other commands, at every board; null where the sender gave nothing to tell it by.</summary>
    public string? Key { get; init; }

    /// <summary>Somebody wants to know what it means and does the rest himself: the reply names the calls, and nothing is called.</summary>
    public bool OnlyUnderstand { get; init; }
}
