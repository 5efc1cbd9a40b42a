using System.Globalization;

namespace Edge.Runtime.Mqtt;

/// <summary>What is refused whatever it says, commands in words and <c>/set</c> alike: what a broker might replay, deliver late or deliver again. Pure.</summary>
internal static class Admission
{
    /// <summary>Judges a message by how it came.</summary>
    /// <returns>Null when it may be read, otherwise one sentence for the sender.</returns>
    public static string? Refusal(CommandMessage message, int payloadBytesMax, TimeSpan ageMax) =>
        message.Retain ? "Retained commands are refused, because the broker would replay them at every reconnect; publish without retain."
        : message.Payload.Length > payloadBytesMax ? $"The payload has {message.Payload.Length} bytes; {payloadBytesMax} are allowed (mqtt.payloadBytesMax)."
        : message.MayBeOld ? string.Create(CultureInfo.InvariantCulture, $"The command may have waited in the broker longer than {ageMax.TotalSeconds:0.#} s (commands.ageMax) while Edge was away; send it again.")
        : null;

    /// <summary>Judges a message that the broker delivers again and that nothing tells from another like it.</summary>
    public static string? RefusalOfNameless(CommandMessage message, bool hasId) =>
        message.Duplicate && !hasId && message.CorrelationData is null
            ? "The connection broke while this command was under way, so that it may have been done already; look, and send it again if not. With an \"id\" Edge could tell."
            : null;
}
