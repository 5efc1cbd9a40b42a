using Edge.Runtime.Mqtt;
using Edge.Runtime.Mqtt.Boards;
using Edge.Tests.Fakes;
using MQTTnet;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Who may come in, against a real mosquitto and the embedded broker.</summary>
public class SecurityTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_mutual_TLS_a_command_gets_its_reply()
    {
        var certificates = new TestCertificates();
        await using var mosquitto = await StartTlsAsync(certificates);
        var (certificate, key) = certificates.Sign("edge");
        var options = new MqttOptions(Embedded: false, Port: mosquitto.Port) { Tls = new TlsOptions(certificates.CaFile, certificate, key) };
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, options);
        Assert.Contains("Heard: on", await BrokerRequest.AskAsync(options, "on", Patience, TimeProvider.System, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_of_another_authority_is_not_talked_to()
    {
        var certificates = new TestCertificates();
        await using var mosquitto = await StartTlsAsync(certificates);
        var (certificate, key) = certificates.Sign("edge");
        var options = new MqttOptions(Embedded: false, Port: mosquitto.Port) { Tls = new TlsOptions(new TestCertificates().CaFile, certificate, key) };
        var fault = await Assert.ThrowsAsync<BrokerException>(() => BrokerRequest.AskAsync(options, "on", Patience, TimeProvider.System, Token));
        Assert.StartsWith($"No broker answers at 127.0.0.1:{mosquitto.Port}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_access_list_of_the_example_forbids_fails_and_what_it_allows_works()
    {
        string folder = TemporaryFolder.Create();
        string passwords = Path.Combine(folder, "passwords");
        File.WriteAllText(passwords, "");
        foreach (string user in (string[])["edge", "panel"])
        {
            await Mosquitto.RunAsync("mosquitto_passwd", ["-b", passwords, user, $"{user} secret"], Token);
        }

        string acl = Path.Combine(folder, "edge.acl");
        File.Copy(Path.Combine(Repository.Root, "deploy/mosquitto/edge.acl"), acl);
        await using var mosquitto = await Mosquitto.StartAsync(
            Token, settings: $"allow_anonymous false\nuser {Environment.UserName}\npassword_file {passwords}\nacl_file {acl}");
        var runner = new ScriptedRunner();
        string password = Path.Combine(folder, "edge.password");
        File.WriteAllText(password, "edge secret\n");
        await using var edge = await TestEdge.StartAsync(
            runner, Token, new MqttOptions(Embedded: false, Port: mosquitto.Port) { User = "edge", PasswordFile = password }, house: "devices: [{name: lamp, kind: light, line: 17}]");

        string[] panel = ["-V", "5", "-u", "panel", "-P", "panel secret"];
        string reply = await mosquitto.RunClientAsync("mosquitto_rr", [.. panel, "-t", "edge/home/command", "-e", "edge/home/reply/panel", "-m", "on"], Token);
        Assert.Contains("Heard: on", reply, StringComparison.Ordinal);

        // The panel may ask, but not switch.
        await mosquitto.RunClientAsync("mosquitto_pub", [.. panel, "-q", "1", "-t", "edge/home/devices/lamp/set", "-m", "on"], Token);
        await mosquitto.RunClientAsync("mosquitto_pub", [.. panel, "-q", "1", "-t", "homeassistant/device/edge_home/config", "-m", "x"], Token);
        reply = await mosquitto.RunClientAsync("mosquitto_rr", [.. panel, "-t", "edge/home/command", "-e", "edge/home/reply/panel", "-m", "next"], Token);
        Assert.Contains("Heard: next", reply, StringComparison.Ordinal);
        Assert.Equal("off", edge.House.Registry.Find("lamp")!.State.Word);

        // Nobody comes in without a password.
        var fault = await Assert.ThrowsAsync<BrokerException>(() =>
            BrokerRequest.AskAsync(new MqttOptions(Embedded: false, Port: mosquitto.Port), "on", Patience, TimeProvider.System, Token));
        Assert.Contains("lets nobody in like this (NotAuthorized)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_the_access_list_only_the_brain_may_call_the_hands_and_only_the_hands_announce_themselves()
    {
        string folder = TemporaryFolder.Create();
        string passwords = Path.Combine(folder, "passwords");
        File.WriteAllText(passwords, "");
        foreach (string user in (string[])["edge", "garden", "panel"])
        {
            await Mosquitto.RunAsync("mosquitto_passwd", ["-b", passwords, user, $"{user} secret"], Token);
            File.WriteAllText(Path.Combine(folder, user), $"{user} secret\n");
        }

        string acl = Path.Combine(folder, "edge.acl");
        File.Copy(Path.Combine(Repository.Root, "deploy/mosquitto/edge.acl"), acl);
        await using var mosquitto = await Mosquitto.StartAsync(
            Token, settings: $"allow_anonymous false\nuser {Environment.UserName}\npassword_file {passwords}\nacl_file {acl}");
        MqttOptions As(string user, string id) => new(id, Embedded: false, Port: mosquitto.Port) { User = user, PasswordFile = Path.Combine(folder, user) };
        await using var hands = await TestEdge.StartAsync(
            new ScriptedRunner(), Token, As("garden", "garden"), house: "devices: [{name: lamp, kind: light, line: 17}]", boards: new BoardOptions(BoardRole.Hands, Announce: true));
        await using var brain = await TestEdge.StartAsync(new ScriptedRunner(), Token, As("edge", "home"), runs: CallingRunner.For);

        // A panel can neither call nor announce.
        string[] panel = ["-V", "5", "-u", "panel", "-P", "panel secret", "-q", "1"];
        long expiry = TimeProvider.System.GetUtcNow().AddSeconds(3).ToUnixTimeMilliseconds();
        await mosquitto.RunClientAsync("mosquitto_pub", [.. panel, "-t", "edge/garden/call/home", "-m", $"{{\"version\":1,\"id\":\"1\",\"device\":\"lamp\",\"action\":\"switch\",\"value\":true,\"expiresAt\":{expiry}}}"], Token);
        await mosquitto.RunClientAsync("mosquitto_pub", [.. panel, "-r", "-t", "edge/evil/hands", "-m", """{"version":1,"id":"evil","devices":[{"name":"trap","kind":"light","skills":["switch"]}]}"""], Token);
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (brain.House.Registry.Find("lamp") is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }

        Assert.Equal("off", hands.House.Registry.Find("lamp")!.State.Word);
        string reply = await mosquitto.RunClientAsync("mosquitto_rr", [.. panel, "-t", "edge/home/command", "-e", "edge/home/reply/panel", "-m", """turn_on {"device":"lamp"}""", "-W", "20"], Token);
        Assert.Contains("\"sentence\":\"Lamp is on.\"", reply, StringComparison.Ordinal);
        Assert.Null(brain.House.Registry.Find("trap"));
    }

    [Fact]
    public async Task The_embedded_broker_with_a_user_lets_in_only_who_knows_the_password()
    {
        string password = Path.Combine(TemporaryFolder.Create(), "password");
        File.WriteAllText(password, "secret\n");
        var options = new MqttOptions(Port: FreePort.Find()) { User = "edge", PasswordFile = password, Listen = "0.0.0.0" };
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, options);
        Assert.Contains("Heard: on", await BrokerRequest.AskAsync(options, "on", Patience, TimeProvider.System, Token), StringComparison.Ordinal);
        await Assert.ThrowsAsync<BrokerException>(() => BrokerRequest.AskAsync(options with { User = null }, "on", Patience, TimeProvider.System, Token));
        string wrong = Path.Combine(TemporaryFolder.Create(), "password");
        File.WriteAllText(wrong, "secre");
        await Assert.ThrowsAsync<BrokerException>(() => BrokerRequest.AskAsync(options with { PasswordFile = wrong }, "on", Patience, TimeProvider.System, Token));
    }

    [Fact]
    public async Task The_embedded_broker_serves_TLS_to_the_network_and_the_plain_port_to_this_machine_alone()
    {
        Mosquitto.Demand("mosquitto_rr");
        var certificates = new TestCertificates();
        var (certificate, key) = certificates.Sign("broker");
        string password = Path.Combine(TemporaryFolder.Create(), "password");
        File.WriteAllText(password, "secret\n");
        int tls = FreePort.Find();
        var options = new MqttOptions(Port: FreePort.Find()) { User = "edge", PasswordFile = password, Listen = "0.0.0.0", Tls = new TlsOptions(null, certificate, key) { Port = tls } };
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, options);
        string[] request = ["-V", "5", "-u", "edge", "-P", "secret", "-t", "edge/home/command", "-e", "me", "-m", "on", "-W", "20"];
        string reply = await Mosquitto.RunAsync("mosquitto_rr", ["-h", "127.0.0.1", "-p", $"{tls}", "--cafile", certificates.CaFile, .. request], Token);
        Assert.Contains("Heard: on", reply, StringComparison.Ordinal);
        Assert.Equal("", await Mosquitto.RunAsync("mosquitto_rr", ["-h", "127.0.0.1", "-p", $"{tls}", "--cafile", new TestCertificates().CaFile, .. request], Token));

        // Another address of this machine stands for the network.
        Assert.Equal("", await Mosquitto.RunAsync("mosquitto_rr", ["-h", "127.0.0.2", "-p", $"{options.Port}", .. request], Token));
        Assert.Contains("Heard: on", await Mosquitto.RunAsync("mosquitto_rr", ["-h", "127.0.0.1", "-p", $"{options.Port}", .. request], Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_comes_from_systemds_credentials_and_stands_in_no_log_and_no_command_line()
    {
        const string secret = "correct-horse-battery";
        string folder = TemporaryFolder.Create();
        string passwords = Path.Combine(folder, "passwords");
        File.WriteAllText(passwords, "");
        await Mosquitto.RunAsync("mosquitto_passwd", ["-b", passwords, "edge", secret], Token);
        await using var mosquitto = await Mosquitto.StartAsync(Token, settings: $"allow_anonymous false\nuser {Environment.UserName}\npassword_file {passwords}");
        string credentials = TemporaryFolder.Create();
        File.WriteAllText(Path.Combine(credentials, "mqtt"), secret);
        string settings = $"role: hands\ngpio: {{driver: simulated}}\nlogging: {{level: trace}}\nmqtt: {{embedded: false, port: {mosquitto.Port}, user: edge, passwordCredential: mqtt}}\ndevices: [{{name: lamp, kind: light, line: 17}}]\n";
        await using var edge = await EdgeProcess.RunAsync(settings, Token, ("CREDENTIALS_DIRECTORY", credentials));
        string state = await mosquitto.RunClientAsync("mosquitto_sub", ["-u", "edge", "-P", secret, "-t", "edge/home/availability", "-C", "1", "-W", "20"], Token);
        Assert.Equal("online", state);
        Assert.DoesNotContain(secret, await File.ReadAllTextAsync($"/proc/{edge.Id}/cmdline", Token), StringComparison.Ordinal);
        await edge.SignalAsync("TERM", Token);
        Assert.DoesNotContain(secret, (await edge.EndAsync(Token)).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asked_reaches_the_event()
    {
        await using var edge = await TestEdge.StartAsync(new ScriptedRunner(), Token, house: "devices: [{name: lamp, kind: light, line: 17, expose: false}]");
        await using var client = await TestClient.ConnectAsync(edge.Port, Token);
        await client.SubscribeAsync("edge/home/event", Token);
        await client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("edge/home/devices/lamp/set").WithPayload("on").WithUserProperty("client", "panel"u8.ToArray()).Build(), Token);
        Assert.Equal("mqtt:panel", TestHouse.Json((await client.NextAsync(Token)).ConvertPayloadToString()).GetProperty("caller").GetString());
    }

    private static async Task<Mosquitto> StartTlsAsync(TestCertificates certificates)
    {
        var (certificate, key) = certificates.Sign("broker");
        return await Mosquitto.StartAsync(
            Token, settings: $"user {Environment.UserName}\nallow_anonymous true\ncafile {certificates.CaFile}\ncertfile {certificate}\nkeyfile {key}\nrequire_certificate true");
    }
}
