using System.Text;
using MQTTnet;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// The sender's name for himself: MQTT tells a receiver nothing about who published, so that clients of MQTT 5 may say it in the user
/// property <c>client</c>. It tells senders apart; it proves nothing.
/// </summary>
internal static class ClientName
{
    public const string Property = "client";
    public const string Work = "work";
    public const int CharsMax = 64;

    /// <returns>Null when the message has no such property, or one that is no name.</returns>
    public static string? Of(MqttApplicationMessage message, string name = Property)
    {
        string? value = message.UserProperties?.Find(p => p.Name == name) is { } property ? Encoding.UTF8.GetString(property.ValueBuffer.Span) : null;
        return string.IsNullOrWhiteSpace(value) || value.Length > CharsMax || value.Any(char.IsControl) ? null : value;
    }
}
