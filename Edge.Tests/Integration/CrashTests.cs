using System.Device.Gpio;
using Edge.Functions;
using Edge.Functions.Devices;
using Edge.Functions.Gpio;
using Edge.Runtime.Hosting;
using Edge.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>A process that is killed leaves its lines as they were; the next one makes them safe before anything else.</summary>
public sealed class CrashTests : IDisposable
{
    private const string Yaml = """
        devices:
          - {name: hall temperature, kind: sensor, quantity: temperature, simulated: 20}
          - {name: window, kind: contact, line: 5}
          - {name: door, kind: lock, line: 17}
          - {name: lamp, kind: light, line: 27, activeLow: true}
          - {name: blinds, kind: cover, open: 22, close: 23}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly SimulatedGpioDriver _lines = new();
    private readonly HouseSettings _settings = TestHouse.ReadSettings(Yaml);

    public void Dispose() => _lines.Dispose();

    [Fact]
    public void Killed_in_mid_pulse_the_next_start_makes_lines_safe_first()
    {
        KillInMidPulse();
        var order = new List<string>();
        _lines.LevelChanged += (line, high) => order.Add($"{line} {(high ? "high" : "low")}");
        using var house = House.Open(_settings, Board(), new FakeTimeProvider(), NullLoggerFactory.Instance);
        Assert.Equal("17 low", order[0]);
        Assert.Contains("27 high", order);
        Assert.Contains("22 low", order);
        Assert.All([17, 22, 23], line => Assert.False(_lines.IsHigh(line)));
    }

    [Fact]
    public void Making_safe_touches_outputs_alone()
    {
        KillInMidPulse();
        var (safe, faults) = OutputsFirst.MakeSafe(_settings, Board());
        Assert.Equal(3, safe);
        Assert.Empty(faults);
        Assert.Equal((false, true, false), (_lines.IsHigh(17), _lines.IsHigh(27), _lines.IsHigh(22)));
    }

    [Fact]
    public void One_broken_output_does_not_keep_the_others_from_being_made_safe()
    {
        KillInMidPulse();
        _lines.Break(17);
        var (safe, faults) = OutputsFirst.MakeSafe(_settings, Board());
        Assert.Equal(2, safe);
        Assert.EndsWith("(edge.yaml, line 4).", Assert.Single(faults), StringComparison.Ordinal);
        Assert.Equal((true, false), (_lines.IsHigh(27), _lines.IsHigh(22)));
        Assert.Throws<HardwareFault>(() => House.Open(_settings, Board(), new FakeTimeProvider(), NullLoggerFactory.Instance));
    }

    [Fact]
    public async Task The_verb_safe_says_what_it_did()
    {
        string config = await EdgeProcess.WriteAsync($"{Yaml}\ngpio: {{driver: simulated}}\n", Token);
        Assert.Equal((ExitCode.Ok, "3 outputs are at their safe values.", ""), await EdgeProcess.DoAsync(Token, "safe", "--config", config));
    }

    [Fact]
    public async Task A_fault_elsewhere_in_the_settings_keeps_no_line_from_being_made_safe()
    {
        string config = await EdgeProcess.WriteAsync($"{Yaml}\ngpio: {{driver: simulated}}\nmqtt: {{port: 0}}\n", Token);
        var (exitCode, output, errors) = await EdgeProcess.DoAsync(Token, "safe", "--config", config);
        Assert.Equal((ExitCode.WrongSetting, "3 outputs are at their safe values."), (exitCode, output));
        Assert.StartsWith("mqtt.port is 0; use 1 to 65535", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_of_a_killed_process_is_whole()
    {
        string folder = TemporaryFolder.Create();
        await using var broker = await TestBroker.StartAsync();
        string yaml = $"{Yaml}\ngpio: {{driver: simulated}}\naudit: {{folder: {folder}}}\nmqtt: {{embedded: false, port: {broker.Port}}}\n";
        await using var edge = await EdgeProcess.RunAsync(yaml, Token);
        Assert.Equal(ExitCode.Ok, (await EdgeProcess.DoAsync(Token, "send", "turn on the lamp", "--port", $"{broker.Port}")).ExitCode);
        await edge.SignalAsync("KILL", Token);
        await edge.EndAsync(Token);
        var (exitCode, output, _) = await EdgeProcess.DoAsync(Token, "audit", "verify", "--folder", folder);
        Assert.Equal(ExitCode.Ok, exitCode);
        Assert.StartsWith("The log is whole: 2 entries from number 1.", output, StringComparison.Ordinal);
        Assert.Contains("\"said\":\"Lamp is on.\"", (await EdgeProcess.DoAsync(Token, "audit", "show", "--last", "1", "--folder", folder)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_log_is_one_line()
    {
        var (exitCode, _, errors) = await EdgeProcess.DoAsync(Token, "audit", "verify", "--folder", "/nowhere");
        Assert.Equal((ExitCode.Failed, "There is no audit log in /nowhere; name its folder with --folder, or set audit.folder."), (exitCode, errors));
    }

    /// <summary>The house is left behind as a killed process leaves it: no timer of it runs any more, nothing is disposed.</summary>
    private void KillInMidPulse()
    {
        var stopped = new FakeTimeProvider();
        var house = House.Open(_settings, Board(stopped), stopped, NullLoggerFactory.Instance);
        Do(house, "door", d => new DeviceAction.Pulse(d, TimeSpan.FromSeconds(1)));
        Do(house, "lamp", d => new DeviceAction.SwitchTo(d, true));
        Do(house, "blinds", d => new DeviceAction.OpenOrClose(d, true));
        stopped.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal((true, false, true), (_lines.IsHigh(17), _lines.IsHigh(27), _lines.IsHigh(22)));
    }

    private static void Do(House house, string device, Func<DeviceDeclaration, DeviceAction> action) =>
        Assert.IsType<Functions.Handlers.FunctionResult.Done>(house.Dispatcher.Invoke(action(house.Registry.Find(device)!.Declaration), Token));

    private Hardware Board(TimeProvider? clock = null) => Hardware.On(GpioBoard.On(new GpioChip("simulated", new GpioController(_lines), _lines)), _settings, clock ?? new FakeTimeProvider());
}
