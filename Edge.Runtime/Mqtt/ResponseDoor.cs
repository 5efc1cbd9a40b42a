using System.Text;

namespace Edge.Runtime.Mqtt;

/// <summary>Decides where replies may go. A reply is text that a stranger caused; it must never become a command.</summary>
public static class ResponseDoor
{
    public const int TopicBytesMax = 256;

    /// <summary>Judges a response topic.</summary>
    /// <returns>Null when it is allowed, otherwise one sentence for the sender.</returns>
    public static string? Refusal(string topic, Topics own)
    {
        int bytes = Encoding.UTF8.GetByteCount(topic);
        if (bytes is 0 or > TopicBytesMax)
        {
            return $"The response topic has {bytes} bytes; use 1 to {TopicBytesMax}.";
        }

        if (topic.AsSpan().IndexOfAny('+', '#', '\0') >= 0)
        {
            return $"The response topic \"{topic.Replace('\0', '?')}\" has a wildcard; name one topic, for example {own.ReplyTo("me")}.";
        }

        if (topic[0] == '$')
        {
            return $"The response topic \"{topic}\" belongs to the broker; name one of your own, for example {own.ReplyTo("me")}.";
        }

        return own.IsReserved(topic) || IsCommand(topic)
            ? $"The response topic \"{topic}\" is one that Edge itself uses; name one of your own, for example {own.ReplyTo("me")}."
            : null;
    }

    // Also another board's: two of them could talk each other into moving things.
    private static bool IsCommand(string topic) =>
        topic.StartsWith("edge/", StringComparison.Ordinal)
        && (topic.EndsWith("/command", StringComparison.Ordinal) || topic.EndsWith("/set", StringComparison.Ordinal));
}
