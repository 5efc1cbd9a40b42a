using System.Text;
using Edge.Functions.Devices.Remote;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// Carries the messages of the house's remote devices (zigbee2mqtt, Tasmota, ESPHome), by a connection of its own: a chatty device must
/// not hold up commands and replies. Nothing is connected where the house has no such device.
/// </summary>
public sealed class RemoteLink : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly RemoteBus _bus;
    private readonly MqttOptions _options;
    private readonly TimeProvider _clock;
    private readonly Backoff _backoff;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private TaskCompletionSource _lost = new();

    public RemoteLink(RemoteBus bus, MqttOptions options, TimeProvider clock, Random random)
    {
        _bus = bus;
        _options = options;
        _clock = clock;
        _backoff = new Backoff(random);
        _client.ApplicationMessageReceivedAsync += received =>
        {
            var message = received.ApplicationMessage;
            _bus.Receive(message.Topic, Encoding.UTF8.GetString(message.Payload));
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += _ =>
        {
            _lost.TrySetResult();
            return Task.CompletedTask;
        };
    }

    /// <summary>Starts connecting, and never stops trying.</summary>
    public void Start()
    {
        if (_bus.StateTopics.Count > 0)
        {
            _bus.Attach(Send);
            _running = RunAsync(_stop.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _bus.Attach(null);
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _stop.Dispose();
    }

    /// <summary>Hands the message over and does not wait: whether the device did it, the device itself reports.</summary>
    private bool Send(string topic, string payload)
    {
        if (!_client.IsConnected)
        {
            return false;
        }

        var message = new MqttApplicationMessageBuilder()
            .WithTopic(topic)
            .WithPayload(payload)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();

        // A fault here ends the connection, and the missing report tells the user.
        _client.PublishAsync(message, CancellationToken.None).ContinueWith(t => t.Exception, TaskScheduler.Default);
        return true;
    }

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await _client.ConnectAsync(Options(), stop);
                await _client.SubscribeAsync(Subscription(), stop);
                _backoff.Reset();
                await _lost.Task.WaitAsync(stop);
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                // The link of commands says that the broker is away; one voice is enough.
                await _client.TryDisconnectAsync();
            }
            catch (OperationCanceledException)
            {
                await _client.TryDisconnectAsync();
                return;
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

    private MqttClientOptions Options() => new MqttClientOptionsBuilder()
        .ForBroker(_options)
        .WithClientId($"{_options.ClientId ?? $"edge-{_options.Id}"}-devices")
        .WithCleanStart()
        .WithTimeout(AnswerPatience)
        .Build();

    private MqttClientSubscribeOptions Subscription()
    {
        var builder = new MqttClientSubscribeOptionsBuilder();
        foreach (string topic in _bus.StateTopics)
        {
            builder.WithTopicFilter(topic, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        return builder.Build();
    }
}
