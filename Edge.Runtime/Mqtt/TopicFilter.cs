using System.Text;

namespace Edge.Runtime.Mqtt;

/// <summary>Topic filters with <c>+</c> and <c>#</c> (MQTT 5 §4.7).</summary>
public static class TopicFilter
{
    /// <summary>Whether a filter is well-formed: wildcards stand alone in their level, <c>#</c> last.</summary>
    public static bool IsValid(string filter)
    {
        string[] levels = filter.Split('/');
        return filter.Length > 0
            && Encoding.UTF8.GetByteCount(filter) <= ResponseDoor.TopicBytesMax
            && !filter.Contains('\0', StringComparison.Ordinal)
            && levels.Select((level, i) => level == "#" ? i == levels.Length - 1 : level == "+" || level.AsSpan().IndexOfAny('+', '#') < 0).All(right => right);
    }

    /// <summary>Whether the filter selects the topic.</summary>
    public static bool Matches(string filter, string topic)
    {
        string[] wanted = filter.Split('/');
        string[] levels = topic.Split('/');

        // A wildcard in the first level never reaches the broker's own topics.
        if (topic.StartsWith('$') && wanted[0] is "+" or "#")
        {
            return false;
        }

        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == "#")
            {
                return true;
            }

            if (i >= levels.Length || (wanted[i] != "+" && wanted[i] != levels[i]))
            {
                return false;
            }
        }

        return wanted.Length == levels.Length;
    }
}
