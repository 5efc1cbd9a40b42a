using System.Text;
using Edge.Functions.Devices;
using Edge.Runtime.Mqtt.Homie;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Mqtt.Homie;

public class HomieDescriptionTests
{
    private const string House = """
        devices:
          - {name: Küchen-Licht 1, kind: light, line: 17}
          - {name: kuchen licht 1, kind: dimmer, pwm: 0, max: 80}
          - {name: vent, kind: fan, pwm: 1}
          - {name: blinds, kind: cover, open: 24, close: 25}
          - {name: door, kind: lock, line: 26}
          - {name: camera, kind: servo, pwm: 2, min: -60.5, max: 60}
          - {name: buzzer, kind: buzzer, line: 16}
          - {name: window, kind: contact, line: 5}
          - {name: bell, kind: button, line: 6}
          - {name: hall, kind: motion, line: 7}
          - {name: knob, kind: rotary, a: 8, b: 9}
          - {name: warmth, kind: sensor, quantity: temperature, file: a}
          - {name: secret, kind: light, line: 18, expose: false}
        """;

    private static readonly IReadOnlyList<DeviceDeclaration> Devices = TestHouse.ReadSettings(House).Devices;

    [Fact]
    public void The_document_follows_the_convention_field_by_field()
    {
        var description = new HomieDescription(new HomieOptions(), "My_Home", 7, Devices);
        Assert.Equal("homie/5/edge-my-home", description.Root);
        var document = TestHouse.Json(Encoding.UTF8.GetString(description.ToBytes()));
        Assert.Empty(HomieSchema.FaultsOf(document));
        Assert.Equal(12, document.GetProperty("nodes").EnumerateObject().Count());
        Assert.DoesNotContain("secret", document.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("""{"name":"Brightness","datatype":"integer","format":"0:80","unit":"%","settable":true}""", document.GetProperty("nodes").GetProperty("kuchen-licht-1").GetProperty("properties").GetProperty("level").GetRawText());
        Assert.Equal("""{"name":"temperature","datatype":"float","unit":"°C"}""", document.GetProperty("nodes").GetProperty("warmth").GetProperty("properties").GetProperty("value").GetRawText());
    }

    [Theory]
    [InlineData("boolean", null, "true", true)]
    [InlineData("boolean", null, "TRUE", false)]
    [InlineData("boolean", null, "", false)]
    [InlineData("integer", null, "-5", true)]
    [InlineData("integer", null, "5.0", false)]
    [InlineData("integer", null, "+5", false)]
    [InlineData("integer", null, " 5", false)]
    [InlineData("float", null, "1e2", true)]
    [InlineData("float", null, "NaN", false)]
    [InlineData("float", null, "1,5", false)]
    [InlineData("enum", "open,close", "open", true)]
    [InlineData("enum", "open,close", "Open", false)]
    public void A_payload_is_of_its_datatype_or_nothing(string datatype, string? format, string payload, bool valid) =>
        Assert.Equal(valid, payload.Length > 0 && new HomieProperty("p", "P", datatype, format, null, true, _ => null, v => v).IsValid(payload));

    [Fact]
    public void What_is_not_known_clears_the_value()
    {
        var description = new HomieDescription(new HomieOptions(), "home", 1, Devices);
        var warmth = Devices.Single(d => d.Name == "warmth");
        Assert.Equal([("homie/5/edge-home/warmth/value", "21.5")], description.ValuesOf(warmth, DeviceState.Number(21.5)));
        Assert.Equal([("homie/5/edge-home/warmth/value", "")], description.ValuesOf(warmth, DeviceState.Unknown));
    }
}
