using System.Text.Json.Nodes;

namespace Edge.Runtime.Mqtt.HomeAssistant;

/// <summary>What all of Home Assistant's components have.</summary>
internal static class Component
{
    /// <param name="key">Unique in this Edge.</param>
    public static JsonObject Create(Topics topics, string platform, string key, string name) => new()
    {
        ["platform"] = platform,
        ["unique_id"] = $"edge_{topics.Id}_{key}",
        ["name"] = name,
        ["availability_topic"] = topics.Availability,
        ["qos"] = 1,
    };
}
