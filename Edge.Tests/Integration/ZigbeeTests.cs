using System.Diagnostics;
using Edge.Runtime.Mqtt;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Devices of zigbee2mqtt and Tasmota behind a real mosquitto, each played by a shell script of mosquitto's clients.</summary>
public sealed class ZigbeeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{topic: zigbee2mqtt/plug, within: 20s}", "zigbee2mqtt/plug/set", "zigbee2mqtt/plug", """{"state":"ON","linkquality":87}""")]
    [InlineData("{dialect: tasmota, topic: plug, within: 20s}", "cmnd/plug/POWER", "stat/plug/RESULT", """{"POWER":"ON"}""")]
    [InlineData("{dialect: esphome, topic: plug/switch/relay, within: 20s}", "plug/switch/relay/command", "plug/switch/relay/state", "ON")]
    public async Task A_plug_is_done_when_it_says_so_itself(string mqtt, string set, string state, string report)
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, new MqttOptions(Embedded: false, Port: mosquitto.Port), house: $"devices: [{{name: plug, kind: switch, mqtt: {mqtt}}}]");
        using var plug = await PlayAsync(mosquitto.Port, set, state, report);
        string reply = await mosquitto.RunClientAsync("mosquitto_rr", ["-V", "5", "-q", "1", "-t", "edge/home/devices/plug/set", "-e", "me", "-m", "on", "-W", "30"], Token);
        Assert.Contains("\"sentence\":\"Plug is on.\"", reply, StringComparison.Ordinal);
        Assert.Equal("on", edge.House.Registry.Find("plug")!.State.Word);
        plug.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task A_plug_that_says_nothing_has_failed()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var edge = await TestEdge.StartAsync(
            new ScriptedRunner(), Token, new MqttOptions(Embedded: false, Port: mosquitto.Port), house: "devices: [{name: plug, kind: switch, mqtt: {topic: zigbee2mqtt/plug, within: 500ms}}]");
        string reply;
        do
        {
            // The link to the devices comes a moment after Edge is there.
            reply = await mosquitto.RunClientAsync("mosquitto_rr", ["-V", "5", "-q", "1", "-t", "edge/home/devices/plug/set", "-e", "me", "-m", "on", "-W", "30"], Token);
        }
        while (reply.Contains("no broker is connected", StringComparison.Ordinal));

        Assert.Contains("\"status\":\"failed\"", reply, StringComparison.Ordinal);
        Assert.Contains("Plug did not follow: it reported unknown on zigbee2mqtt/plug within", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plug_that_says_nothing_keeps_no_lamp_waiting()
    {
        await using var mosquitto = await Mosquitto.StartAsync(Token);
        await using var edge = await TestEdge.StartAsync(
            new ScriptedRunner(),
            Token,
            new MqttOptions(Embedded: false, Port: mosquitto.Port),
            house: "devices: [{name: plug, kind: switch, mqtt: {topic: zigbee2mqtt/plug, within: 20s}}, {name: lamp, kind: light, line: 17}]");
        await using var client = await TestClient.ConnectAsync(mosquitto.Port, Token);
        await client.SubscribeAsync("zigbee2mqtt/plug/set", Token);
        await client.SubscribeAsync("edge/home/devices/lamp/state", Token);
        string topic;
        do
        {
            // Again until the link to the devices is there: then the plug is being waited for.
            await client.PublishAsync("edge/home/devices/plug/set", "on", Token);
            await client.PublishAsync("edge/home/devices/lamp/set", "on", Token);
            topic = (await client.NextAsync(Token)).Topic;
        }
        while (topic != "zigbee2mqtt/plug/set");

        await client.PublishAsync("edge/home/devices/lamp/set", "off", Token);
        MqttApplicationMessage last;
        do
        {
            last = await client.NextAsync(Token).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Token);
        }
        while (last.ConvertPayloadToString() != """{"state":"off"}""");
        Assert.Equal("unknown", edge.House.Registry.Find("plug")!.State.Word);
    }

    /// <summary>Answers every <c>set</c> with its state, and says first that it is there.</summary>
    private static async Task<Process> PlayAsync(int port, string set, string state, string report)
    {
        Mosquitto.Demand("mosquitto_sub");
        string script = $$"""
            stdbuf -oL mosquitto_sub -d -h 127.0.0.1 -p {{port}} -q 1 -t '{{set}}' | while read -r line; do
              case "$line" in
                *SUBACK*) echo ready;;
                Client*|Subscribed*) ;;
                *) mosquitto_pub -h 127.0.0.1 -p {{port}} -q 1 -t '{{state}}' -m '{{report}}';;
              esac
            done
            """;
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token));
        return process;
    }
}
