using System.Text.Json.Nodes;

namespace Edge.Runtime.Mqtt.HomeAssistant;

/// <summary>Edge itself in Home Assistant: a line to type a command, the last reply, questions that wait for an answer, and how it is doing.</summary>
/// <param name="understands">False for hands, which take no sentences.</param>
internal sealed class OwnComponents(Topics topics, bool understands = true)
{
    /// <summary>Key → component. The keys begin with <c>edge_</c>.</summary>
    public IEnumerable<(string Key, JsonObject Component)> All()
    {
        if (understands)
        {
            var text = Component.Create(topics, "text", "edge_command", "Command");
            text["command_topic"] = topics.Command;
            text["retain"] = false;
            text["max"] = 255;
            text["mode"] = "text";
            yield return ("edge_command", text);

            yield return ("edge_last_reply", Status("edge_last_reply", "Last reply", "lastReply"));
        }

        var happened = Component.Create(topics, "event", "edge_event", "Event");
        happened["state_topic"] = topics.Event;
        happened["event_types"] = new JsonArray([.. Events.Types.Select(t => (JsonNode)t)]);
        yield return ("edge_event", happened);

        if (understands)
        {
            yield return ("edge_latency", Diagnostic("edge_latency", "Latency", "lastLatencyMs", "ms", "duration"));
            yield return ("edge_queue", Diagnostic("edge_queue", "Queue", "queue", null, null));
        }

        yield return ("edge_temperature", Diagnostic("edge_temperature", "Board temperature", "temperature", "°C", "temperature"));
    }

    private JsonObject Diagnostic(string key, string name, string field, string? unit, string? deviceClass)
    {
        var sensor = Status(key, name, field);
        sensor["entity_category"] = "diagnostic";
        sensor["state_class"] = "measurement";
        if (unit is not null)
        {
            sensor["unit_of_measurement"] = unit;
        }

        if (deviceClass is not null)
        {
            sensor["device_class"] = deviceClass;
        }

        return sensor;
    }

    private JsonObject Status(string key, string name, string field)
    {
        var sensor = Component.Create(topics, "sensor", key, name);
        sensor["state_topic"] = topics.Status;
        sensor["value_template"] = $"{{{{ value_json.{field} }}}}";
        return sensor;
    }
}
