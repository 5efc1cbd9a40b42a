using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Devices;

namespace Edge.Runtime.Mqtt.HomeAssistant;

/// <summary>
/// Home Assistant's device-based discovery: one retained message that says which device, by whom, and its components. Source:
/// home-assistant.io, MQTT integration, "Device discovery payload".
/// </summary>
internal sealed class DiscoveryPayload
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _payload;
    private readonly JsonObject _components = [];

    /// <param name="devices">Those not exposed are left out.</param>
    /// <param name="model">What answers commands.</param>
    /// <param name="understands">False for hands, which take no sentences.</param>
    public DiscoveryPayload(IEnumerable<DeviceDeclaration> devices, Topics topics, string version, string model, bool understands = true)
    {
        var ofDevice = new DeviceComponents(topics);
        foreach (var device in devices.Where(d => d.Expose))
        {
            if (ofDevice.Of(device) is { } component)
            {
                _components[Topics.Level(device.Name)] = component;
            }
        }

        foreach (var (key, component) in new OwnComponents(topics, understands).All())
        {
            _components[key] = component;
        }

        _payload = new JsonObject
        {
            ["device"] = new JsonObject
            {
                ["identifiers"] = new JsonArray($"edge_{topics.Id}"),
                ["name"] = $"Edge {topics.Id}",
                ["manufacturer"] = "Edge",
                ["model"] = model,
                ["sw_version"] = version,
            },
            ["origin"] = new JsonObject { ["name"] = "Edge", ["sw_version"] = version },
            ["components"] = _components,
        };
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_payload.ToJsonString(Plain));

    /// <summary>
    /// What an earlier payload had and this one has not, as Home Assistant wants it to be removed: this payload with those components reduced
    /// to their platform. Afterwards this payload itself is to be sent.
    /// </summary>
    /// <param name="earlier">The payload that the broker still holds.</param>
    /// <returns>Null when nothing is to be removed, or when the earlier payload cannot be read.</returns>
    public byte[]? ToBytesThatRemove(ReadOnlyMemory<byte> earlier)
    {
        var gone = new JsonObject();
        try
        {
            using var document = JsonDocument.Parse(earlier);
            foreach (var component in document.RootElement.GetProperty("components").EnumerateObject())
            {
                bool isRemoval = component.Value.EnumerateObject().Count() == 1;
                if (!isRemoval && !_components.ContainsKey(component.Name) && component.Value.TryGetProperty("platform", out var platform) && platform.ValueKind == JsonValueKind.String)
                {
                    gone[component.Name] = new JsonObject { ["platform"] = platform.GetString() };
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }

        if (gone.Count == 0)
        {
            return null;
        }

        var whole = (JsonObject)_payload.DeepClone();
        foreach (var (key, component) in gone)
        {
            whole["components"]![key] = component!.DeepClone();
        }

        return Encoding.UTF8.GetBytes(whole.ToJsonString(Plain));
    }
}
