using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Functions.Devices;

namespace Edge.Runtime.Mqtt.Homie;

/// <summary>This Edge as one Homie device, and each of its exposed devices as a node. Pure.</summary>
internal sealed class HomieDescription
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _document;
    private readonly Dictionary<string, (DeviceDeclaration Device, HomieProperty Property)> _byTopic = new(StringComparer.Ordinal);

    /// <param name="version">Must grow with every other document: the time of the start does.</param>
    public HomieDescription(HomieOptions options, string id, long version, IEnumerable<DeviceDeclaration> devices)
    {
        Id = HomieNames.Take($"edge-{id}", new HashSet<string>());
        Root = $"{options.Domain}/5/{Id}";
        var nodes = new JsonObject();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var device in devices.Where(d => d.Expose && d.Board is null))
        {
            var properties = HomieProperty.Of(device).ToList();
            if (properties.Count == 0)
            {
                continue;
            }

            string node = HomieNames.Take(device.Name, taken);
            nodes[node] = new JsonObject
            {
                ["name"] = device.Name,
                ["type"] = device.Kind.ToString().ToLowerInvariant(),
                ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Id, (JsonNode?)p.Describe()))),
            };
            foreach (var property in properties)
            {
                _byTopic[$"{Root}/{node}/{property.Id}"] = (device, property);
            }
        }

        _document = new JsonObject { ["homie"] = "5.0", ["version"] = version, ["name"] = $"Edge {id}", ["nodes"] = nodes };
    }

    public string Id { get; }

    /// <summary><c>homie/5/edge-home</c>.</summary>
    public string Root { get; }

    public string State => $"{Root}/$state";

    public string Document => $"{Root}/$description";

    /// <summary>The filter of all <c>set</c> topics.</summary>
    public string Sets => $"{Root}/+/+/set";

    /// <summary>The filter of all property values.</summary>
    public string Values => $"{Root}/+/+";

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_document.ToJsonString(Plain));

    public bool Has(string topic) => _byTopic.ContainsKey(topic);

    public (DeviceDeclaration Device, HomieProperty Property)? Find(string topic) => _byTopic.TryGetValue(topic, out var found) ? found : null;

    /// <summary>Topic and payload of a device's retained properties; an empty payload where nothing is known, which clears what the broker holds.</summary>
    public IEnumerable<(string Topic, string Payload)> ValuesOf(DeviceDeclaration device, DeviceState state) =>
        from entry in _byTopic
        where entry.Value.Device.Name == device.Name && entry.Value.Property.Retained
        select (entry.Key, entry.Value.Property.Value(state) ?? "");
}
