using Edge.Functions;
using Edge.Functions.Gpio;
using Edge.Runtime.Commands;
using Edge.Runtime.Hosting;
using Edge.Runtime.Mqtt;
using Edge.Runtime.Mqtt.Boards;
using Edge.Runtime.Mqtt.Hermes;
using Edge.Runtime.Mqtt.HomeAssistant;
using Edge.Runtime.Mqtt.Homie;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Edge.Tests.Fakes;

/// <summary>The whole service in this process, on simulated lines, with a script in place of the model.</summary>
internal sealed class TestEdge : IAsyncDisposable
{
    private readonly EdgeService _service;

    private TestEdge(EdgeService service, MqttOptions mqtt)
    {
        _service = service;
        Mqtt = mqtt;
    }

    public MqttOptions Mqtt { get; }

    public int Port => Mqtt.Port;

    public House House => _service.Engine.House;

    /// <param name="answers">Words that answer a question of the gate do not reach the script.</param>
    public static async Task<TestEdge> StartAsync(
        ScriptedRunner runner, CancellationToken cancellationToken, MqttOptions? mqtt = null, CommandOptions? commands = null, TimeProvider? clock = null, string house = "",
        bool discovery = true, bool answers = false, bool hermes = false, BoardOptions? boards = null, Func<House, ICommandRunner>? runs = null, bool homie = false)
    {
        mqtt ??= new MqttOptions(Port: FreePort.Find());
        var options = new EdgeOptions(mqtt, new ModelOptions(), commands ?? new CommandOptions(), LogLevel.None) { HomeAssistant = new HomeAssistantOptions(discovery), Hermes = new HermesOptions(hermes), Boards = boards ?? new BoardOptions(), Homie = new HomieOptions(homie) };
        var settings = TestHouse.ReadSettings(house) with { Gpio = new GpioSettings(Driver: GpioSettings.Simulated) };
        var open = House.Open(settings, clock ?? TimeProvider.System, NullLoggerFactory.Instance);
        var engine = new Engine(open, runs is not null ? runs(open) : answers ? new CallerRunner(open.Dispatcher, TimeProvider.System) { Words = runner } : runner, "a script");
        var edge = new TestEdge(new EdgeService(options, engine, clock ?? TimeProvider.System, new Random(1), NullLoggerFactory.Instance), mqtt);
        await edge._service.StartAsync(cancellationToken);

        // A broker may lose a retained message for somebody who subscribes in the moment of its publication (MQTTnet's does).
        if (edge.Service.Link.Connections > 0)
        {
            await Task.WhenAny(edge.Service.Link.Outbox.EmptyAsync(), edge.LostAsync());
        }

        return edge;
    }

    public EdgeService Service => _service;

    /// <summary>Completes when the connection to the broker is lost.</summary>
    public Task LostAsync()
    {
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _service.Link.Lost += () => lost.TrySetResult();
        return lost.Task;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _service.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _service.DisposeAsync();
}
