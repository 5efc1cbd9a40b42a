using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// The one connection to the broker, which comes back by itself: it says <c>online</c> when commands can arrive, <c>offline</c> when it
/// leaves (the broker says so if it dies), and keeps what is to be sent while the broker is away.
/// </summary>
public sealed class BrokerLink : IAsyncDisposable
{
    // Commands beyond the payload limit must arrive to be refused; beyond this the broker drops them.
    private const uint PacketBytesMax = 256 * 1024;
    private const ushort UnacknowledgedMax = 32;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromHours(1);
    // Longer than the longest pause and all the answers one try waits for.
    private static readonly TimeSpan TryPatience = Backoff.Longest + (6 * AnswerPatience);

    /// <summary>Clients take some seconds to come back to a broker that was restarted.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    private readonly MqttOptions _options;
    private readonly Topics _topics;
    private readonly TimeSpan _ageMax;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Backoff _backoff;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private volatile IReadOnlyList<Route> _routes = [];
    private CancellationTokenSource _connection = new();
    private Task _running = Task.CompletedTask;
    private bool _disposed;

    // When the broker was last surely there; null before the first connection.
    private DateTimeOffset? _lastThereAt;
    private long _triedAt;
    private long _connectedAt;
    private volatile bool _backlogMayBeOld;
    private volatile string _birth = "";

    public BrokerLink(MqttOptions options, Topics topics, TimeProvider clock, Random random, ILogger<BrokerLink> log, TimeSpan? ageMax = null)
    {
        _options = options;
        _ageMax = ageMax ?? TimeSpan.FromSeconds(60);
        _topics = topics;
        _clock = clock;
        _log = log;
        _backoff = new Backoff(random);
        _client.DisconnectedAsync += left =>
        {
            if (left.ClientWasConnected)
            {
                // A silent broker is noticed one and a half keep-alive periods later.
                _lastThereAt = _clock.GetUtcNow() - (1.5 * KeepAlive);
            }

            return _connection.CancelAsync();
        };
    }

    /// <summary>Completes when the broker has taken the subscriptions and the birth for the first time.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The broker has just taken the birth, now or again. Do not block.</summary>
    public event Action? Connected;

    /// <summary>The broker has said the birth back: what comes from here on was sent after it. Do not block.</summary>
    internal event Action? Joined;

    /// <summary>A stop has begun: what is put into the outbox now is the last that goes out.</summary>
    internal event Action? Leaving;

    /// <summary>The connection broke, and the next try has its time. Do not block.</summary>
    public event Action? Lost;

    /// <summary>How often a connection was made: two numbers that differ tell that one broke in between.</summary>
    internal int Connections { get; private set; }

    /// <summary>
    /// The connection is one of the first moments after another broke. Who asked may not be back at the broker yet, which then has nobody to
    /// hand a reply to.
    /// </summary>
    internal bool IsNewAgain => Connections > 1 && _clock.GetElapsedTime(Volatile.Read(ref _connectedAt)) < Aftermath;

    internal Outbox Outbox { get; } = new();

    /// <summary>
    /// Somebody looks after the connection: it stands, or it was tried a short while ago and will be again. False only when the loop that
    /// should do so has ended or hangs; a broker that is away is no such thing.
    /// </summary>
    internal bool IsAttended => !_running.IsCompleted && (_client.IsConnected || _clock.GetElapsedTime(Volatile.Read(ref _triedAt)) < TryPatience);

    /// <summary>Subscribes to a filter, from the start on. Each message goes to the first handler whose filter selects it.</summary>
    public void On(string filter, Func<CommandMessage, Task> handler) => _routes = [.. _routes, new Route(filter, handler)];

    /// <summary>As <see cref="On"/>, at any time. The broker then sends what it holds retained.</summary>
    internal void Also(string filter, Func<CommandMessage, Task> handler)
    {
        var route = new Route(filter, handler);
        lock (_options)
        {
            _routes = [.. _routes.Where(r => r.Filter != filter), route];
        }

        Forget(TryAsync(stop => _client.SubscribeAsync(Subscriptions([route]), stop)));
    }

    /// <summary>Ends a subscription.</summary>
    internal void No(string filter)
    {
        lock (_options)
        {
            _routes = [.. _routes.Where(r => r.Filter != filter)];
        }

        Forget(TryAsync(stop => _client.UnsubscribeAsync(new MqttClientUnsubscribeOptionsBuilder().WithTopicFilter(filter).Build(), stop)));
    }

    /// <summary>Starts connecting, and never stops trying. Messages arrive one after another.</summary>
    public void Start()
    {
        _client.ApplicationMessageReceivedAsync += received => ReceiveAsync(received.ApplicationMessage);
        _running = RunAsync(_stop.Token);
    }

    /// <summary>Publishes now or not at all.</summary>
    /// <returns>Completes when the broker has taken the message.</returns>
    /// <exception cref="IOException">The broker is away or refuses; one sentence.</exception>
    internal async Task PublishAsync(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        try
        {
            // Only the waiting is cancelled: half a packet would end the connection.
            var answer = await _client.PublishAsync(message, CancellationToken.None).WaitAsync(cancellationToken);
            if (!answer.IsSuccess)
            {
                throw new IOException($"The broker refuses messages on {message.Topic} ({answer.ReasonCode}); allow them in its access list.");
            }
        }
        catch (MqttCommunicationException fault)
        {
            throw new IOException($"The broker at {_options.Host}:{_options.Port} is away ({OneLine(fault)}).", fault);
        }
    }

    /// <summary>Takes no more commands, sends what waits (3 s at most), says <c>offline</c> and leaves.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        using var patience = new CancellationTokenSource(StopPatience, _clock);
        try
        {
            if (_client.IsConnected)
            {
                // Nobody is to queue commands for a service that was stopped; with MQTT 5 the broker tells the senders.
                var unsubscribe = new MqttClientUnsubscribeOptionsBuilder();
                foreach (var route in _routes)
                {
                    unsubscribe.WithTopicFilter(route.Filter);
                }

                await _client.UnsubscribeAsync(unsubscribe.Build(), patience.Token);
                Leaving?.Invoke();
                while (Outbox.Peek() is { } message)
                {
                    await SendAsync(message, patience.Token);
                }

                await _client.PublishAsync(Availability(Topics.Offline), patience.Token);
                await _client.DisconnectAsync(new MqttClientDisconnectOptions(), patience.Token);
            }
        }
        catch (Exception fault) when (fault is MqttCommunicationException or OperationCanceledException)
        {
            // The broker left first; its will says offline for us.
            MqttLog.LeftUnheard(_log, OneLine(fault));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        Outbox.Dispose();
        _connection.Dispose();
        _stop.Dispose();
    }

    private Task ReceiveAsync(MqttApplicationMessage message)
    {
        if (message.Topic == _topics.Availability)
        {
            // The broker hands out in order: what waited in it came before the birth that was published after it.
            if (message.CorrelationData is { } birth && Convert.ToHexString(birth) == _birth)
            {
                _backlogMayBeOld = false;
                Joined?.Invoke();
            }

            return Task.CompletedTask;
        }

        var handler = _routes.FirstOrDefault(r => TopicFilter.Matches(r.Filter, message.Topic))?.Handler;
        return handler is null ? Task.CompletedTask : handler(CommandMessage.Of(message, _backlogMayBeOld));
    }

    private static string OneLine(Exception fault) => (fault.InnerException ?? fault).Message.ReplaceLineEndings(" ");

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            long started = _clock.GetTimestamp();
            Volatile.Write(ref _triedAt, started);
            try
            {
                await ConnectAsync(stop);
                await SendUntilDisconnectedAsync(stop);
                MqttLog.Lost(_log, _options.Host, _options.Port);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Whatever it was, a service without its broker is of no use: say it and try again.
                MqttLog.Unreachable(_log, _options.Host, _options.Port, OneLine(fault));
                await _client.TryDisconnectAsync(MqttClientDisconnectOptionsReason.DisconnectWithWillMessage);
            }

            // Two boards with one id throw each other out; only a connection that lasted lets the next try be quick.
            if (_clock.GetElapsedTime(started) > Settled)
            {
                _backoff.Reset();
            }

            Volatile.Write(ref _triedAt, _clock.GetTimestamp());
            var pause = Task.Delay(_backoff.Next(), _clock, stop);
            Lost?.Invoke();
            try
            {
                await pause;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ConnectAsync(CancellationToken stop)
    {
        _connection.Dispose();
        _connection = new CancellationTokenSource();

        // What waited in the broker carries no time. Its age is at most the time Edge was away, and that is unknown at a start.
        _backlogMayBeOld = _lastThereAt is not { } last || _clock.GetUtcNow() - last > _ageMax;
        byte[] birth = Guid.NewGuid().ToByteArray();
        _birth = Convert.ToHexString(birth);
        var session = await _client.ConnectAsync(ClientOptions(), stop);
        if (session.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new BrokerException($"it lets nobody in like this ({session.ResultCode}); correct mqtt.user and mqtt.passwordFile");
        }

        Connections++;
        Volatile.Write(ref _connectedAt, _clock.GetTimestamp());
        _backlogMayBeOld &= session.IsSessionPresent;
        var answer = await _client.SubscribeAsync(Subscriptions(_routes), stop);
        var refusals = answer.Items.Where(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2).ToList();
        var refused = refusals.Find(i => IsOwn(i.TopicFilter.Topic));
        foreach (var item in refusals.Where(i => !IsOwn(i.TopicFilter.Topic)))
        {
            MqttLog.SubscriptionRefused(_log, item.TopicFilter.Topic, item.ResultCode.ToString());
        }

        if (refused is not null)
        {
            throw new BrokerException($"it refuses the subscription to {refused.TopicFilter.Topic} ({refused.ResultCode}); allow it in the broker's access list");
        }

        await _client.PublishAsync(Availability(Topics.Online, birth), stop);
        MqttLog.Connected(_log, _options.Host, _options.Port, _topics.Command);
        Connected?.Invoke();
        _ready.TrySetResult();
    }

    private async Task SendUntilDisconnectedAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _connection.Token);
        while (_client.IsConnected)
        {
            MqttApplicationMessage message;
            try
            {
                message = await Outbox.NextAsync(either.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return;
            }

            // Never cancelled: half a packet would end the connection, and the broker would say offline before the last replies.
            await SendAsync(message, CancellationToken.None);
        }
    }

    private async Task SendAsync(MqttApplicationMessage message, CancellationToken cancellationToken)
    {
        var answer = await _client.PublishAsync(message, cancellationToken);
        if (!answer.IsSuccess)
        {
            // Sending it again would be refused again.
            MqttLog.PublicationRefused(_log, message.Topic, answer.ReasonCode.ToString());
        }

        Outbox.Sent(message);
    }

    private MqttClientOptions ClientOptions() => new MqttClientOptionsBuilder()
        .ForBroker(_options)
        .WithClientId(_options.ClientId ?? $"edge-{_topics.Id}")
        .WithKeepAlivePeriod(KeepAlive)
        .WithCleanStart(false)
        .WithSessionExpiryInterval((uint)SessionExpiry.TotalSeconds)
        .WithTimeout(AnswerPatience)
        .WithMaximumPacketSize(PacketBytesMax)
        .WithReceiveMaximum(UnacknowledgedMax)
        .WithWillTopic(_topics.Availability)
        .WithWillPayload(Topics.Offline)
        .WithWillRetain()
        .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();

    /// <summary>Whether Edge is of no use without the topic; hubs and other boards it can do without.</summary>
    private bool IsOwn(string filter) => filter.StartsWith($"edge/{_topics.Id}/", StringComparison.Ordinal);

    private static void Forget(Task task) => _ = task;

    /// <summary>For what is done again at the next connection anyway.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> act)
    {
        try
        {
            if (_client.IsConnected)
            {
                await act(_stop.Token);
            }
        }
        catch (Exception fault) when (fault is MqttCommunicationException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            MqttLog.LeftUnheard(_log, OneLine(fault));
        }
    }

    private MqttClientSubscribeOptions Subscriptions(IEnumerable<Route> routes)
    {
        var subscriptions = new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter(_topics.Availability, MqttQualityOfServiceLevel.AtLeastOnce);
        foreach (var route in routes)
        {
            // Retain as published: a retained command is then known for one also when it arrives live.
            subscriptions.WithTopicFilter(route.Filter, MqttQualityOfServiceLevel.AtLeastOnce, noLocal: false, retainAsPublished: true);
        }

        return subscriptions.Build();
    }

    private MqttApplicationMessage Availability(string payload, byte[]? birth = null) => new MqttApplicationMessageBuilder()
        .WithTopic(_topics.Availability)
        .WithPayload(payload)
        .WithCorrelationData(birth)
        .WithRetainFlag()
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();

    private sealed record Route(string Filter, Func<CommandMessage, Task> Handler);
}
