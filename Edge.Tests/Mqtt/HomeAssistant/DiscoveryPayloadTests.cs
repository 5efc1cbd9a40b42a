using System.Text;
using System.Text.Json;
using Edge.Functions.Devices;
using Edge.Runtime.Mqtt;
using Edge.Runtime.Mqtt.HomeAssistant;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Mqtt.HomeAssistant;

public class DiscoveryPayloadTests
{
    private const string House = """
        devices:
          - {name: kitchen light, kind: light, line: 17}
          - {name: dimmer, kind: dimmer, pwm: 0}
          - {name: pump, kind: switch, line: 23}
          - {name: fan, kind: fan, line: 22}
          - {name: vent, kind: fan, pwm: 1, min: 20}
          - {name: blinds, kind: cover, open: 24, close: 25}
          - {name: door, kind: lock, line: 26}
          - {name: safe, kind: lock, line: 27, confirm: pin}
          - {name: camera, kind: servo, pwm: 2, min: -60, max: 60}
          - {name: buzzer, kind: buzzer, line: 16}
          - {name: window, kind: contact, line: 5}
          - {name: bell, kind: button, line: 6}
          - {name: hall, kind: motion, line: 7}
          - {name: warmth, kind: sensor, quantity: temperature, file: a}
          - {name: water, kind: sensor, quantity: water level, file: b}
          - {name: shelf, kind: strip, leds: 30}
          - {name: vent flap, kind: stepper, lines: [8, 9, 10, 11], max: 90}
          - {name: knob, kind: rotary, a: 12, b: 13}
          - {name: secret, kind: light, line: 18, expose: false}
        safety: {pin: "2468"}
        """;

    private static readonly IReadOnlyList<DeviceDeclaration> Devices = TestHouse.ReadSettings(House).Devices;

    [Fact]
    public void Every_component_follows_Home_Assistants_documentation_field_by_field()
    {
        var components = Components(Payload(Devices));
        Assert.Empty(components.EnumerateObject().SelectMany(c => ComponentSchema.FaultsOf(c.Name, c.Value)));
        Assert.Empty(ComponentSchema.FaultsOfDevice(TestHouse.Json(Encoding.UTF8.GetString(Payload(Devices).ToBytes()))));
        var platforms = components.EnumerateObject().Select(c => c.Value.GetProperty("platform").GetString()).Distinct().Order();
        Assert.Equal(["binary_sensor", "button", "cover", "event", "fan", "light", "lock", "number", "sensor", "switch", "text"], platforms);
    }

    [Fact]
    public void The_payload_is_the_golden_one()
    {
        string path = Path.Combine(Repository.Root, "Edge.Tests/Golden/homeassistant.json");
        using var document = JsonDocument.Parse(Payload(Devices).ToBytes());
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.RootElement.WriteTo(writer);
        }

        string text = Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    [Theory]
    [InlineData("""{"platform":"light","unique_id":"a"}""", "command_topic is missing")]
    [InlineData("""{"platform":"light","command_topic":"a"}""", "unique_id is missing")]
    [InlineData("""{"platform":"light","unique_id":"a","command_topic":"a","brightness":1}""", "light has no brightness")]
    [InlineData("""{"platform":"light","unique_id":"a","command_topic":"a","on_command_type":"never"}""", "on_command_type is no one")]
    [InlineData("""{"platform":"text","unique_id":"a","command_topic":"a/#"}""", "command_topic is no topic")]
    [InlineData("""{"platform":"toaster","unique_id":"a"}""", "there is no platform toaster")]
    public void The_check_can_fail(string component, string fault) =>
        Assert.Contains(ComponentSchema.FaultsOf("x", TestHouse.Json(component)), f => f.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void The_text_field_takes_no_more_than_Home_Assistant_can_hold() =>
        Assert.Equal(255, Components(Payload(Devices)).GetProperty("edge_command").GetProperty("max").GetInt32());

    [Fact]
    public void Hands_offer_no_field_for_a_sentence()
    {
        var payload = new DiscoveryPayload(Devices, new Topics("garden"), "1.0.0", "none (hands)", understands: false);
        var components = Components(payload).EnumerateObject().ToList();
        Assert.DoesNotContain(components, c => c.Name is "edge_command" or "edge_last_reply" or "edge_latency" or "edge_queue");
        Assert.Empty(components.SelectMany(c => ComponentSchema.FaultsOf(c.Name, c.Value)));
        Assert.Contains(components, c => c.Name == "edge_event");
    }

    [Fact]
    public void What_is_not_exposed_does_not_appear() =>
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(Payload(Devices).ToBytes()), StringComparison.Ordinal);

    [Fact]
    public void Unique_ids_are_unique_and_no_command_is_retained()
    {
        var components = Components(Payload(Devices)).EnumerateObject().Select(c => c.Value).ToList();
        Assert.Equal(components.Count, components.Select(c => c.GetProperty("unique_id").GetString()).Distinct().Count());
        Assert.All(components.Where(c => c.TryGetProperty("command_topic", out _)), c => Assert.False(c.GetProperty("retain").GetBoolean()));
    }

    [Fact]
    public void A_device_that_has_gone_is_reduced_to_its_platform_once()
    {
        byte[] earlier = Payload(Devices).ToBytes();
        var now = Payload([.. Devices.Where(d => d.Name != "blinds")]);
        byte[] removal = now.ToBytesThatRemove(earlier)!;
        using var document = JsonDocument.Parse(removal);
        Assert.Equal("""{"platform":"cover"}""", document.RootElement.GetProperty("components").GetProperty("blinds").GetRawText());
        Assert.Null(now.ToBytesThatRemove(removal));
        Assert.Null(now.ToBytesThatRemove(now.ToBytes()));
        Assert.Null(now.ToBytesThatRemove("[1]"u8.ToArray()));
    }

    private static DiscoveryPayload Payload(IReadOnlyList<DeviceDeclaration> devices) => new(devices, new Topics("home"), "1.0.0", "a model");

    private static JsonElement Components(DiscoveryPayload payload) => TestHouse.Json(Encoding.UTF8.GetString(payload.ToBytes())).GetProperty("components");
}
