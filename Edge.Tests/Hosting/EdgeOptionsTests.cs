using Edge.Functions.Settings;
using Edge.Runtime.Hosting;
using Edge.Runtime.Mqtt;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Edge.Tests.Hosting;

public class EdgeOptionsTests
{
    private readonly SettingsFaults _faults = [];

    [Fact]
    public void Without_any_setting_the_defaults_hold() =>
        Assert.Equal(new EdgeOptions(new MqttOptions(), new ModelOptions(), new CommandOptions(), LogLevel.Information), Read(""));

    [Fact]
    public void Every_setting_is_read()
    {
        var options = Read("""
            mqtt: {id: attic, embedded: false, host: hub.local, port: 1884, payloadBytesMax: 1000}
            model: {folder: my/model, tokensMax: 64, threads: 2}
            commands: {queueMax: 3, timeMax: 5s, roundsMax: 2, ageMax: 10s}
            logging: {level: warning}
            """);
        Assert.Empty(_faults);
        Assert.Equal(
            new EdgeOptions(
                new MqttOptions("attic", false, "hub.local", 1884, 1000),
                new ModelOptions("my/model", 64, 2),
                new CommandOptions(3, TimeSpan.FromSeconds(5), 2) { AgeMax = TimeSpan.FromSeconds(10) },
                LogLevel.Warning),
            options);
    }

    [Theory]
    [InlineData("mqtt: {port: 70000}", "mqtt.port is 70000; use 1 to 65535 (edge.yaml, line 1).")]
    [InlineData("mqtt: {id: my home}", "mqtt.id is \"my home\"; use letters, digits, - and _, 64 characters at most (edge.yaml, line 1).")]
    [InlineData("mqtt: {host: 'mqtt://hub', embedded: false}", "mqtt.host is \"mqtt://hub\"; use a host name or an address, without mqtt:// and port (edge.yaml, line 1).")]
    [InlineData("mqtt: {host: 0.0.0.0}", "mqtt.host is \"0.0.0.0\", but the embedded broker serves this machine only; use 127.0.0.1, or set mqtt.embedded: false (edge.yaml, line 1).")]
    [InlineData("mqtt: {responseTopics: [a, b#]}", "mqtt.responseTopics has \"b#\", which is no topic filter; + stands alone in its level, # alone in the last (edge.yaml, line 1).")]
    [InlineData("mqtt: {listen: 0.0.0.0}", "mqtt.listen is 0.0.0.0, which lets the whole network in; give mqtt.user and mqtt.passwordFile, or use 127.0.0.1 (edge.yaml, line 1).")]
    [InlineData("mqtt: {user: me}", "mqtt.user and mqtt.passwordFile or mqtt.passwordCredential belong together; give both or none (edge.yaml, line 1).")]
    [InlineData("mqtt: {embedded: false, tls: {ca: /nowhere.pem}}", "mqtt.tls.ca is \"/nowhere.pem\", and there is no such file; name one that the service may read (edge.yaml, line 1).")]
    [InlineData("mqtt: {tls: {enabled: true}}", "mqtt.tls.certificate is missing, and the embedded broker cannot serve TLS without; give mqtt.tls.certificate and mqtt.tls.key (edge.yaml, line 1).")]
    [InlineData("role: brain\ndevices: [{name: lamp, kind: light, line: 17}]", "role is brain, which has no devices of its own; use both, or declare them at the board they are wired to (edge.yaml, line 1).")]
    [InlineData("role: hands\nboards: {house: home}", "boards.house is for brains, which share its commands; role is hands, so leave it out (edge.yaml, line 2).")]
    [InlineData("boards: {hands: [my garden]}", "boards.hands has \"my garden\", which is no board's id; use letters, digits, - and _, 64 characters at most (edge.yaml, line 1).")]
    [InlineData("homie: {domain: Home}", "homie.domain is \"Home\"; use lower-case letters, digits and - (edge.yaml, line 1).")]
    [InlineData("homeAssistant: {prefix: 'a/b'}", "homeAssistant.prefix is \"a/b\"; use letters, digits, - and _, 64 characters at most (edge.yaml, line 1).")]
    [InlineData("mqtt: {prot: 1}", "mqtt.prot is not known; did you mean port? (edge.yaml, line 1)")]
    [InlineData("commands: {timeMax: 30}", "commands.timeMax is \"30\"; use a number with ms, s, min or h, from 100ms to 10min (edge.yaml, line 1).")]
    [InlineData("logging: {level: loud}", "logging.level is \"loud\"; use one of trace, debug, information, warning, error, none (edge.yaml, line 1).")]
    public void A_wrong_setting_is_one_line_with_value_place_and_way_out(string yaml, string fault)
    {
        Read(yaml);
        Assert.Equal(fault, Assert.Single(_faults).Message);
    }

    private EdgeOptions Read(string yaml) => EdgeOptions.Read(SettingsFile.Parse(yaml, "edge.yaml", _faults));
}
