using System.Text;
using Edge.Functions.Devices;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Mqtt;

public class DeviceSetReaderTests
{
    private static readonly Dictionary<string, DeviceDeclaration> Devices = TestHouse.ReadSettings("""
        devices:
          - {name: light, kind: light, line: 1}
          - {name: dimmer, kind: dimmer, pwm: 0}
          - {name: blinds, kind: cover, open: 2, close: 3}
          - {name: door, kind: lock, line: 4}
          - {name: camera, kind: servo, pwm: 1, min: -60, max: 60}
          - {name: buzzer, kind: buzzer, line: 5}
          - {name: contact, kind: contact, line: 6}
        """).Devices.ToDictionary(d => d.Name);

    [Theory]
    [InlineData("light", "ON", "SwitchTo { On = True }")]
    [InlineData("light", "off", "SwitchTo { On = False }")]
    [InlineData("light", "{\"state\":\"on\",\"transition\":3}", "SwitchTo { On = True }")]
    [InlineData("dimmer", "40", "SetLevel { Percent = 40 }")]
    [InlineData("dimmer", " 39.6 ", "SetLevel { Percent = 40 }")]
    [InlineData("dimmer", "{\"state\":\"ON\",\"value\":40}", "SetLevel { Percent = 40 }")]
    [InlineData("dimmer", "{\"state\":\"OFF\",\"value\":40}", "SwitchTo { On = False }")]
    [InlineData("blinds", "open", "OpenOrClose { Open = True }")]
    [InlineData("blinds", "CLOSE", "OpenOrClose { Open = False }")]
    [InlineData("blinds", "0", "MoveTo { Percent = 0 }")]
    [InlineData("door", "lock", "LockOrUnlock { Lock = True }")]
    [InlineData("door", "Unlock", "LockOrUnlock { Lock = False }")]
    [InlineData("camera", "-12.5", "TurnTo { Degrees = -12.5 }")]
    [InlineData("buzzer", "beep", "Beep { Times = 1 }")]
    [InlineData("buzzer", "3", "Beep { Times = 3 }")]
    public void A_word_a_number_or_JSON_becomes_an_action(string device, string payload, string action)
    {
        string said = Read(device, payload).Action!.ToString()!;
        Assert.EndsWith(action[(action.IndexOf('{', StringComparison.Ordinal) + 2)..], said, StringComparison.Ordinal);
        Assert.StartsWith(action[..action.IndexOf(' ', StringComparison.Ordinal)], said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("light", "40", "light cannot be set to \"40\"; send on, off.")]
    [InlineData("light", "", "light cannot be set to \"\"; send on, off.")]
    [InlineData("blinds", "stop", "blinds cannot be set to \"stop\"; send open, close, 0 to 100.")]
    [InlineData("contact", "open", "contact cannot be set to \"open\"; send nothing, it only measures.")]
    [InlineData("camera", "NaN", "camera cannot be set to \"NaN\"; send -60 to 60.")]
    [InlineData("dimmer", "1e300", "dimmer cannot be set to \"1e300\"; send on, off, 0 to 100.")]
    public void What_a_device_cannot_do_is_refused_with_what_it_can(string device, string payload, string sentence) =>
        Assert.Equal(sentence, Read(device, payload).Refusal);

    [Theory]
    [InlineData("{")]
    [InlineData("{\"state\":1}")]
    [InlineData("{\"value\":\"40\"}")]
    [InlineData("{\"state\":\"on\",\"state\":\"off\"}")]
    [InlineData("{\"id\":7,\"state\":\"on\"}")]
    public void Wrong_types_are_refused(string payload) => Assert.StartsWith("What light was to be set to cannot be read", Read("light", payload).Refusal, StringComparison.Ordinal);

    [Fact]
    public void The_id_comes_back() => Assert.Equal("7", Read("light", "{\"id\":\"7\",\"state\":\"on\"}").Id);

    private static SetReading Read(string device, string payload) => DeviceSetReader.Read(Devices[device], Encoding.UTF8.GetBytes(payload));
}
