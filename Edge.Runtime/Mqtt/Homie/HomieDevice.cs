using System.Text;
using Edge.Functions;
using Edge.Functions.Devices;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt.Homie;

/// <summary>
/// Edge as a Homie 5 device, by a connection of its own, since Homie wants its own will (<c>$state</c> = <c>lost</c>). What is set goes through the
/// same door as a hub's switches, and so through the gate.
/// </summary>
internal sealed class HomieDevice : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly HomieDescription _description;
    private readonly MqttOptions _options;
    private readonly Topics _topics;
    private readonly House _house;
    private readonly Func<CommandMessage, Task> _set;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Backoff _backoff;
    private readonly Outbox _outbox = new();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenSource _connection = new();
    private Task _running = Task.CompletedTask;

    /// <param name="set">The door for what is to be set.</param>
    public HomieDevice(HomieOptions homie, MqttOptions options, Topics topics, House house, Func<CommandMessage, Task> set, TimeProvider clock, Random random, ILogger<HomieDevice> log)
    {
        _options = options;
        _topics = topics;
        _house = house;
        _set = set;
        _clock = clock;
        _log = log;
        _backoff = new Backoff(random);
        _description = new HomieDescription(homie, topics.Id, clock.GetUtcNow().ToUnixTimeSeconds(), house.Registry.Devices.Select(d => d.Declaration));
        house.StateChanged += Publish;
        _client.ApplicationMessageReceivedAsync += received => ReceiveAsync(received.ApplicationMessage);
        _client.DisconnectedAsync += _ => _connection.CancelAsync();
    }

    /// <summary>Starts connecting, and never stops trying.</summary>
    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>Says <c>disconnected</c> and leaves.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        try
        {
            if (_client.IsConnected)
            {
                while (_outbox.Peek() is { } message)
                {
                    await _client.PublishAsync(message, CancellationToken.None);
                    _outbox.Sent(message);
                }

                await PublishAsync(_description.State, "disconnected", CancellationToken.None);
                await _client.TryDisconnectAsync();
            }
        }
        catch (Exception fault) when (fault is MQTTnet.Exceptions.MqttCommunicationException or OperationCanceledException)
        {
            MqttLog.LeftUnheard(_log, fault.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _house.StateChanged -= Publish;
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _outbox.Dispose();
        _connection.Dispose();
        _stop.Dispose();
    }

    private void Publish(Device device, DeviceState state)
    {
        foreach (var (topic, payload) in _description.ValuesOf(device.Declaration, state))
        {
            _outbox.SetState(Message(topic, payload));
        }
    }

    private async Task ReceiveAsync(MqttApplicationMessage message)
    {
        if (!message.Topic.EndsWith("/set", StringComparison.Ordinal))
        {
            if (message.Retain && !message.Payload.IsEmpty && !_description.Has(message.Topic))
            {
                // Left behind by a device that edge.yaml had once.
                _outbox.SetState(Message(message.Topic, ""));
            }

            return;
        }

        var read = CommandMessage.Of(message, mayBeOld: false);
        string payload = read.Payload.Length <= _options.PayloadBytesMax ? Encoding.UTF8.GetString(read.Payload.Span) : "";
        if (_description.Find(message.Topic[..^4]) is not var (device, property) || property.ToSet is not { } toSet || payload.Length == 0 || !property.IsValid(payload))
        {
            MqttLog.NotSet(_log, message.Topic, "homie", "It is no settable property, or the payload is none of its datatype.");
            return;
        }

        await _set(read with { Topic = _topics.DeviceSet(device.Name), Payload = Encoding.UTF8.GetBytes(toSet(payload)), Client = read.Client ?? "homie" });
    }

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(stop);
                _backoff.Reset();
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _connection.Token);
                while (_client.IsConnected)
                {
                    var message = await _outbox.NextAsync(either.Token);
                    await _client.PublishAsync(message, CancellationToken.None);
                    _outbox.Sent(message);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // The link of commands says that the broker is away; one voice is enough.
                await _client.TryDisconnectAsync(MqttClientDisconnectOptionsReason.DisconnectWithWillMessage);
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

    /// <summary>In Homie's order: <c>init</c>, the description, the values, the subscriptions, <c>ready</c>.</summary>
    private async Task ConnectAsync(CancellationToken stop)
    {
        _connection.Dispose();
        _connection = new CancellationTokenSource();
        await _client.ConnectAsync(
            new MqttClientOptionsBuilder()
                .ForBroker(_options)
                .WithClientId($"{_options.ClientId ?? $"edge-{_topics.Id}"}-homie")
                .WithCleanStart()
                .WithTimeout(AnswerPatience)
                .WithWillTopic(_description.State)
                .WithWillPayload("lost")
                .WithWillRetain()
                .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(),
            stop);
        await PublishAsync(_description.State, "init", stop);
        await _client.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic(_description.Document).WithPayload(_description.ToBytes()).WithRetainFlag().WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);
        foreach (var device in _house.Registry.Devices)
        {
            foreach (var (topic, payload) in _description.ValuesOf(device.Declaration, device.State))
            {
                await PublishAsync(topic, payload, stop);
            }
        }

        await _client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter(_description.Sets, MqttQualityOfServiceLevel.AtLeastOnce, retainAsPublished: true)
                .WithTopicFilter(_description.Values, MqttQualityOfServiceLevel.AtLeastOnce, noLocal: true)
                .Build(),
            stop);
        await PublishAsync(_description.State, "ready", stop);
    }

    private Task<MqttClientPublishResult> PublishAsync(string topic, string payload, CancellationToken cancellationToken) => _client.PublishAsync(Message(topic, payload), cancellationToken);

    private static MqttApplicationMessage Message(string topic, string payload) => new MqttApplicationMessageBuilder()
        .WithTopic(topic)
        .WithPayload(payload)
        .WithRetainFlag()
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();
}
