using System.Text;

namespace Edge.Runtime.Mqtt;

/// <summary>Decides where replies may go. A reply is text that a stranger caused; it must never become a command.</summary>
public static class ResponseDoor
{
    public const int TopicBytesMax = 256;

    /// <summary>Topics by which other software is commanded or believes what it is told.</summary>
    private static readonly string[] Hubs = ["homeassistant/", "zigbee2mqtt/", "zwave/", "tasmota/", "cmnd/", "stat/", "tele/", "shellies/", "homie/", "hermes/"];

    /// <summary>Judges a response topic that a stranger names.</summary>
    /// <param name="allowed">Topic filters of <c>mqtt.responseTopics</c>; empty for every topic that is nobody's own.</param>
    /// <returns>Null when it is allowed, otherwise one sentence for the sender.</returns>
    public static string? Refusal(string topic, Topics own, IReadOnlyList<string> allowed)
    {
        if (Refusal(topic, own) is { } refusal)
        {
            return refusal;
        }

        bool isListed = allowed.Any(filter => TopicFilter.Matches(filter, topic));
        return isListed ? null
            : allowed.Count > 0 && !own.IsReply(topic) ? $"The response topic \"{topic}\" is not on this Edge's list (mqtt.responseTopics); use {own.ReplyTo("me")} or ask the owner."
            : IsHubs(topic) ? $"The response topic \"{topic}\" could command other devices; name one of your own, for example {own.ReplyTo("me")}, or have it listed in mqtt.responseTopics."
            : null;
    }

    /// <summary>Judges a topic that Edge's owner names: it may command others, but not an Edge.</summary>
    /// <returns>Null when it is allowed, otherwise one sentence.</returns>
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

        return own.IsReserved(topic) || IsEdges(topic)
            ? $"The response topic \"{topic}\" is one that Edge itself uses; name one of your own, for example {own.ReplyTo("me")}."
            : null;
    }

    // Also another board's: two of them could talk each other into moving things.
    private static bool IsEdges(string topic) => topic.Split('/') is ["edge", _, not "reply", ..];

    private static bool IsHubs(string topic) => IsCommand(topic) || Hubs.Any(hub => topic.StartsWith(hub, StringComparison.Ordinal));

    private static bool IsCommand(string topic) =>
        topic.EndsWith("/command", StringComparison.Ordinal)
        || topic.EndsWith("/set", StringComparison.Ordinal)
        || topic.EndsWith("/state", StringComparison.Ordinal)
        || topic.EndsWith("/availability", StringComparison.Ordinal);
}
