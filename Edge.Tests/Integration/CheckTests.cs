using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary><c>edge check</c> as an owner and a script see it.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly FakeSysfs _sys = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _sys.Dispose();

    [Fact]
    public async Task All_nine_things_are_listed_and_a_house_that_can_start_ends_with_0()
    {
        _sys.Write("class/thermal/thermal_zone0/temp", "48500\n");
        _sys.Write("devices/platform/soc/soc:firmware/get_throttled", "0\n");
        _sys.Write("bus/w1/devices/28-0316a2795cff/temperature", "21000\n");
        _sys.Write("bus/iio/devices/iio:device0/name", "dht11\n");
        _sys.Write("bus/iio/devices/iio:device0/in_temp_input", "21000\n");
        var (code, output, errors) = await CheckAsync($"mqtt: {{port: {FreePort.Find()}}}\ngpio: {{driver: simulated}}\ndevices: [{{name: lamp, kind: light, line: 17}}]");
        Assert.True(code == 0, output + errors);
        Assert.Equal("", errors);
        foreach (string part in (string[])["model:", "is whole: ", "GB memory", "processor at 48.5 °C", "not held back", "broker:", "is free for it", "gpio:", "iio: {device: dht11, channel: temp}", "oneWire: 28-0316a2795cff", "pwm:", "dtoverlay=pwm-2chan"])
        {
            Assert.Contains(part, output);
        }
    }

    [Fact]
    public async Task A_model_that_is_not_there_ends_with_78_and_the_rest_is_listed_all_the_same()
    {
        var (code, output, errors) = await CheckAsync($"mqtt: {{port: {FreePort.Find()}}}\ngpio: {{driver: simulated}}\ndevices: [{{name: lamp, kind: light, line: 17}}]", _sys.Root);
        Assert.Equal(78, code);
        Assert.Contains("so it is no converted model; make one with `edge convert FOLDER OUT`", errors);
        Assert.Contains("pwm:", output);
    }

    [Fact]
    public async Task A_chip_that_is_not_there_ends_with_1_and_names_those_that_are()
    {
        var (code, output, errors) = await CheckAsync($"mqtt: {{port: {FreePort.Find()}}}\ngpio: {{chip: no-such-chip}}\ndevices: [{{name: lamp, kind: light, line: 17}}]");
        Assert.True(code == 1, output + errors);
        Assert.StartsWith("Fault: gpio.chip is no-such-chip, which this machine does not have; use ", errors);
    }

    [Fact]
    public async Task A_broker_that_is_away_is_told_and_no_fault()
    {
        int port = FreePort.Find();
        var (code, output, errors) = await CheckAsync($"mqtt: {{embedded: false, port: {port}}}\ngpio: {{driver: simulated}}\ndevices: [{{name: lamp, kind: light, line: 17}}]");
        Assert.True(code == 0, output + errors);
        Assert.Contains($"127.0.0.1:{port} does not answer (", output);
        Assert.Contains("start it, open its port (mosquitto: listener 1883), or name another in mqtt.host", output);
    }

    [Fact]
    public async Task A_broker_that_lets_Edge_in_is_told_as_such()
    {
        await using var broker = await TestBroker.StartAsync();
        var (code, output, _) = await CheckAsync($"mqtt: {{embedded: false, port: {broker.Port}}}\ngpio: {{driver: simulated}}\ndevices: [{{name: lamp, kind: light, line: 17}}]");
        Assert.Equal(0, code);
        Assert.Contains($"127.0.0.1:{broker.Port} answers and lets Edge in", output);
    }

    [Fact]
    public async Task A_broker_that_shuts_Edge_out_ends_with_1_and_says_what_it_wants()
    {
        using var folder = new TemporaryFolder();
        string right = folder.File("right"), wrong = folder.File("wrong");
        await File.WriteAllTextAsync(right, "right", Token);
        await File.WriteAllTextAsync(wrong, "wrong", Token);
        int port = FreePort.Find();
        await using var broker = new Edge.Runtime.Mqtt.EmbeddedBroker(new Edge.Runtime.Mqtt.MqttOptions(Port: port) { User = "edge", PasswordFile = right });
        await broker.StartAsync();
        var (code, output, errors) = await CheckAsync($"mqtt: {{embedded: false, port: {port}, user: edge, passwordFile: {wrong}}}\ngpio: {{driver: simulated}}\ndevices: [{{name: lamp, kind: light, line: 17}}]");
        Assert.True(code == 1, output + errors);
        Assert.Contains("give mqtt.user and mqtt.passwordFile in the settings", errors);
    }

    [Fact]
    public async Task A_wrong_setting_ends_with_78()
    {
        var (code, _, errors) = await CheckAsync("mqtt: {port: 70000}");
        Assert.Equal(78, code);
        Assert.Contains("mqtt.port is 70000; use 1 to 65535", errors);
    }

    private async Task<(int Code, string Output, string Errors)> CheckAsync(string settings, string? model = null)
    {
        string config = await EdgeProcess.WriteAsync($"sysfs: {_sys.Root}\n{settings}\n", Token);
        return await EdgeProcess.DoAsync(Token, "check", "--config", config, "--model", model ?? EdgeProcess.ModelOrSkip());
    }
}
