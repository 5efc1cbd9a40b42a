using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Functions.Sensors;
using Edge.Runtime.Commands;
using Edge.Runtime.Hosting.Metrics;
using Edge.Runtime.Mqtt;
using Edge.Runtime.Mqtt.Boards;
using Edge.Runtime.Mqtt.Hermes;
using Edge.Runtime.Mqtt.HomeAssistant;
using Edge.Runtime.Mqtt.Homie;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>The running service. The order of its starting and stopping is all there is to read here.</summary>
public sealed class EdgeService : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private readonly EmbeddedBroker? _broker;
    private readonly CommandWorker _worker;
    private readonly BrokerLink _link;
    private readonly DeviceStates _states;
    private readonly Gateway _gateway;
    private readonly DeviceDoor _devices;
    private readonly RemoteLink _remote;
    private readonly StatusReport _status;
    private readonly ServiceMetrics _metrics;
    private readonly PrometheusText? _numbers;
    private readonly MetricsDoor? _numbersDoor;
    private readonly Watchdog? _watchdog;
    private readonly HandsDoor? _hands;
    private readonly Gateway? _shared;
    private readonly SharedCommands? _commands;
    private readonly HomieDevice? _homie;
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;
    private bool _isStuck;
    private volatile bool _isConnected;
    private bool _disposed;

    /// <param name="engine">Taken over.</param>
    /// <param name="supervisor">The service manager that waits for a sign of life; null for none.</param>
    public EdgeService(EdgeOptions options, Engine engine, TimeProvider clock, Random random, ILoggerFactory logs, Supervisor? supervisor = null)
    {
        Engine = engine;
        _clock = clock;
        var topics = new Topics(options.Mqtt.Id);
        _broker = options.Mqtt.Embedded ? new EmbeddedBroker(options.Mqtt) : null;
        _worker = new CommandWorker(new CommandQueue(options.Commands.QueueMax), options.Cores is { Model: > 0 and var model } ? new PinnedRunner(engine.Runner, model) : engine.Runner, clock, logs.CreateLogger<CommandWorker>());
        _link = new BrokerLink(options.Mqtt, topics, clock, random, logs.CreateLogger<BrokerLink>(), options.Commands.AgeMax);
        _states = new DeviceStates(engine.House, topics, _link);
        var events = new Events(topics, _link);
        _link.Connected += () => _isConnected = true;
        _link.Lost += () => _isConnected = false;
        string sysfsRoot = engine.House.SysfsRoot;
        _metrics = new ServiceMetrics(
            new Gauges(() => _worker.Waiting, () => _isConnected, () => _link.Connections, () => BoardTemperature.Read(sysfsRoot), () => Throttling.Read(sysfsRoot)) { Version = Banner.Version, Model = engine.Model },
            clock, logs.CreateLogger<ServiceMetrics>());
        if (options.Metrics.Port is { } port)
        {
            _numbers = new PrometheusText(_metrics);
            _numbersDoor = new MetricsDoor(port, _numbers.Write, clock, logs.CreateLogger<MetricsDoor>());
        }

        _status = new StatusReport(
            Banner.Version, engine.Model, () => _worker.Waiting, () => BoardTemperature.Read(sysfsRoot), options.Mqtt.StatusInterval, topics, _link, clock,
            more: _metrics.Extend);
        var times = new CommandTimes(options.Commands.TimeMax, options.Commands.AgeMax);
        _gateway = new Gateway(
            options.Mqtt, times, topics, _link, _worker, clock, logs.CreateLogger<Gateway>(), listens: options.Boards.House != options.Mqtt.Id);
        _gateway.Replied += events.OnAnswered;
        _gateway.Replied += _metrics.OnAnswered;
        _gateway.Replied += _status.OnAnswered;
        _gateway.Replied += (_, reply) => engine.House.Displays.Say(reply.Sentence);
        _devices = new DeviceDoor(
            options.Mqtt, options.Commands.AgeMax, engine.House.Registry, Invoke, topics, _link, events, clock, logs.CreateLogger<DeviceDoor>());
        _ = new SimulationDoor(engine.House, options.Commands.AgeMax, topics, _link, events, logs.CreateLogger<SimulationDoor>());
        var discovery = options.HomeAssistant.Discovery
            ? new DiscoveryPayload(engine.House.Registry.Devices.Select(d => d.Declaration), topics, Banner.Version, engine.Model, options.Boards.IsBrain)
            : null;
        _ = new HomeAssistantHub(options.HomeAssistant, topics, discovery, _link);
        Func<string, bool> isMine = _ => true;
        if (options.Boards.Announce)
        {
            _hands = new HandsDoor(options.Boards, options.Mqtt.Id, Banner.Version, options.Commands.AgeMax, engine.House, _link, clock, logs.CreateLogger<HandsDoor>());
            _hands.Called += _metrics.Invoked;
        }

        if (options.Boards.IsBrain)
        {
            var availabilities = new Availabilities(options.Mqtt.Id, _link);
            if (options.Boards.House is { } house)
            {
                var brains = new Brains(house, options.Mqtt.Id, availabilities, _link, logs.CreateLogger<Brains>());
                _shared = new Gateway(options.Mqtt, times, new Topics(house), _link, _worker, clock, logs.CreateLogger<Gateway>(), listens: false);
                _shared.Replied += events.OnAnswered;
                _shared.Replied += _metrics.OnAnswered;
                _shared.Replied += _status.OnAnswered;
                _commands = new SharedCommands(house, options.Mqtt.Id, options.Commands.TimeMax, _shared, brains, options.Mqtt, _link, clock, random, logs.CreateLogger<SharedCommands>());
                isMine = brains.IsMine;
            }

            Boards = new OtherBoards(options.Boards, options.Mqtt.Id, engine.House, engine.Objection, availabilities, _link, clock, logs.CreateLogger<OtherBoards>());
        }

        if (options.Hermes.Enabled)
        {
            var hermes = new HermesLink(options.Hermes, options.Mqtt, times, _worker, isMine, _link, clock);
            _ = new HermesUnderstanding(hermes, logs.CreateLogger<HermesUnderstanding>());
            _ = new HermesVoice(hermes, logs.CreateLogger<HermesVoice>());
        }

        if (options.Homie.Enabled)
        {
            _homie = new HomieDevice(options.Homie, options.Mqtt, topics, engine.House, _devices.TakeAsync, clock, random, logs.CreateLogger<HomieDevice>());
        }

        _worker.ModelFailed += engine.House.Safeguards.ModelFailed;
        _link.Connected += () => engine.House.Safeguards.BrokerIs(connected: true);
        _link.Lost += () => engine.House.Safeguards.BrokerIs(connected: false);
        _remote = new RemoteLink(engine.House.Remote, options.Mqtt, clock, random);
        _watchdog = supervisor is { Patience: { } patience }
            ? new Watchdog(supervisor.Tell, patience, engine.House.Dispatcher.IsResponsive, () => _link.IsAttended, clock, logs.CreateLogger<Watchdog>())
            : null;
        engine.House.Dispatcher.Publisher = new OwnersMessages(topics, _link);
    }

    public Engine Engine { get; }

    internal BrokerLink Link => _link;

    /// <summary>Null at a board that runs no model.</summary>
    internal OtherBoards? Boards { get; }

    /// <summary>Whether the broker has been reached.</summary>
    public bool IsReachable => _link.Ready.IsCompletedSuccessfully;

    /// <exception cref="BrokerException">The embedded broker's port cannot be opened.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_broker is not null)
        {
            await _broker.StartAsync();
        }

        _worker.Start();
        _numbersDoor?.Start();
        _devices.Start();
        _hands?.Start();
        _link.Start();
        _commands?.Start();
        _homie?.Start();
        _remote.Start();
        _watching = Engine.House.WatchSensorsAsync(_stop.Token);

        // A broker that is away is no reason to fail: it may start after us, and the link keeps trying.
        await Task.WhenAny(_link.Ready, Task.Delay(StartPatience, _clock, cancellationToken));
        _watchdog?.Start();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // First nothing moves any more, then the lines are made safe, then the world is told.
        _watchdog?.Dispose();
        await _stop.CancelAsync();
        await (_commands?.StopAsync() ?? Task.CompletedTask);
        var settings = Task.WhenAll(_devices.StopAsync(), _hands?.StopAsync() ?? Task.CompletedTask);
        _isStuck = !_worker.Stop();
        Engine.House.GoSafe();
        await Task.WhenAny(Task.WhenAll(_gateway.AnsweredAsync(), _shared?.AnsweredAsync() ?? Task.CompletedTask, settings, _watching), Task.Delay(StopPatience, _clock, cancellationToken));
        await (_homie?.StopAsync() ?? Task.CompletedTask);
        await _link.StopAsync();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;

        // What reports by itself ends before what it reports on.
        _watchdog?.Dispose();
        _status.Dispose();
        await (_numbersDoor?.DisposeAsync() ?? ValueTask.CompletedTask);
        _worker.Dispose();
        await _remote.DisposeAsync();
        await (_commands?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_isStuck)
        {
            // A model at work cannot be taken away from under a stuck command; lines can, and the process ends in a moment.
            Engine.House.Dispose();
        }
        else
        {
            Engine.Dispose();
        }

        await (_homie?.DisposeAsync() ?? ValueTask.CompletedTask);
        _states.Dispose();
        _numbers?.Dispose();
        _metrics.Dispose();
        await _link.DisposeAsync();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _stop.Dispose();
    }

    private FunctionResult Invoke(DeviceAction action, string caller, string? token)
    {
        var result = Engine.House.Dispatcher.Invoke(action, new Caller(caller), token);
        _metrics.Invoked(result);
        return result;
    }
}
