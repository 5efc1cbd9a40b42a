using Edge.Runtime.Commands;
using Edge.Runtime.Mqtt;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Hosting;

/// <summary>The running service. The order of its starting and stopping is all there is to read here.</summary>
public sealed class EdgeService : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private readonly EdgeOptions _options;
    private readonly Engine _engine;
    private readonly TimeProvider _clock;
    private readonly EmbeddedBroker? _broker;
    private readonly CommandWorker _worker;
    private readonly BrokerLink _link;
    private readonly Gateway _gateway;

    public EdgeService(EdgeOptions options, Engine engine, TimeProvider clock, Random random, ILoggerFactory logs)
    {
        _options = options;
        _engine = engine;
        _clock = clock;
        var topics = new Topics(options.Mqtt.Id);
        _broker = options.Mqtt.Embedded ? new EmbeddedBroker(options.Mqtt) : null;
        _worker = new CommandWorker(new CommandQueue(options.Commands.QueueMax), engine.Runner, clock, logs.CreateLogger<CommandWorker>());
        _link = new BrokerLink(options.Mqtt, topics, clock, random, logs.CreateLogger<BrokerLink>());
        _gateway = new Gateway(options.Mqtt, options.Commands.TimeMax, topics, _link, _worker, clock, logs.CreateLogger<Gateway>());
    }

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
        _link.Start(_gateway.OnCommandAsync);

        // A broker that is away is no reason to fail: it may start after us, and the link keeps trying.
        await Task.WhenAny(_link.Ready, Task.Delay(StartPatience, _clock, cancellationToken));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // First nothing moves any more, then the lines are made safe, then the world is told.
        _worker.Stop();
        _engine.Dispose();
        await Task.WhenAny(_gateway.AnsweredAsync(), Task.Delay(StopPatience, _clock, cancellationToken));
        await _link.StopAsync();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _worker.Dispose();
        _engine.Dispose();
        await _link.DisposeAsync();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}
