using System.Buffers;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
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
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    private readonly MqttOptions _options;
    private readonly Topics _topics;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Backoff _backoff;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenSource _connection = new();
    private Task _running = Task.CompletedTask;
    private bool _disposed;

    public BrokerLink(MqttOptions options, Topics topics, TimeProvider clock, Random random, ILogger<BrokerLink> log)
    {
        _options = options;
        _topics = topics;
        _clock = clock;
        _log = log;
        _backoff = new Backoff(random);
        _client.DisconnectedAsync += _ => _connection.CancelAsync();
    }

    /// <summary>Completes when the broker has taken the subscriptions and the birth for the first time.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The broker has just taken the birth, now or again. Do not block.</summary>
    public event Action? Connected;

    internal Outbox Outbox { get; } = new();

    /// <summary>Starts connecting, and never stops trying. Commands arrive one after another.</summary>
    public void Start(Func<CommandMessage, Task> onCommand)
    {
        _client.ApplicationMessageReceivedAsync += received => onCommand(Read(received.ApplicationMessage));
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
                await _client.UnsubscribeAsync(_topics.Command, patience.Token);
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

    private static CommandMessage Read(MqttApplicationMessage message) => new(
        message.Payload.ToArray(),
        message.Retain,
        string.IsNullOrEmpty(message.ResponseTopic) ? null : message.ResponseTopic,
        message.CorrelationData,
        message.ContentType);

    private static string OneLine(Exception fault) => (fault.InnerException ?? fault).Message.ReplaceLineEndings(" ");

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            long started = _clock.GetTimestamp();
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

            try
            {
                await Task.Delay(_backoff.Next(), _clock, stop);
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
        await _client.ConnectAsync(ClientOptions(), stop);
        var answer = await _client.SubscribeAsync(CommandSubscription(), stop);
        var refused = answer.Items.FirstOrDefault(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2);
        if (refused is not null)
        {
            throw new BrokerException($"it refuses the subscription to {refused.TopicFilter.Topic} ({refused.ResultCode}); allow it in the broker's access list");
        }

        await _client.PublishAsync(Availability(Topics.Online), stop);
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
        .WithProtocolVersion(MqttProtocolVersion.V500)
        .WithTcpServer(_options.Host, _options.Port)
        .WithClientId($"edge-{_topics.Id}")
        .WithCleanStart()
        .WithTimeout(AnswerPatience)
        .WithMaximumPacketSize(PacketBytesMax)
        .WithReceiveMaximum(UnacknowledgedMax)
        .WithWillTopic(_topics.Availability)
        .WithWillPayload(Topics.Offline)
        .WithWillRetain()
        .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();

    // Retain as published: a retained command is then known for one also when it arrives live.
    private MqttClientSubscribeOptions CommandSubscription() => new MqttClientSubscribeOptionsBuilder()
        .WithTopicFilter(_topics.Command, MqttQualityOfServiceLevel.AtLeastOnce, noLocal: false, retainAsPublished: true)
        .Build();

    private MqttApplicationMessage Availability(string payload) => new MqttApplicationMessageBuilder()
        .WithTopic(_topics.Availability)
        .WithPayload(payload)
        .WithRetainFlag()
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();
}
