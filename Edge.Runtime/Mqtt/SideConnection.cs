using MQTTnet;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// A connection beside the link of commands, without a session: it connects, subscribes, and never stops trying. It says nothing about a
/// broker that is away; the link of commands does, and one voice is enough.
/// </summary>
internal sealed class SideConnection : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly MqttClientOptions _options;
    private readonly Func<MqttClientSubscribeOptions> _subscription;
    private readonly TimeProvider _clock;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private TaskCompletionSource _lost = new();

    /// <param name="name">Follows the client id of the link of commands.</param>
    /// <param name="subscription">Asked for at each connection.</param>
    public SideConnection(string name, MqttOptions options, Func<MqttClientSubscribeOptions> subscription, TimeProvider clock, Random random)
    {
        _options = new MqttClientOptionsBuilder()
            .ForBroker(options)
            .WithClientId($"{options.ClientId ?? $"edge-{options.Id}"}-{name}")
            .WithCleanStart()
            .WithTimeout(AnswerPatience)
            .Build();
        _subscription = subscription;
        _clock = clock;
        _backoff = new Backoff(random);
        Client.DisconnectedAsync += _ =>
        {
            _lost.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public IMqttClient Client { get; } = new MqttClientFactory().CreateMqttClient();

    /// <summary>Starts connecting.</summary>
    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>Disconnects for good.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await Client.ConnectAsync(_options, stop);
                await Client.SubscribeAsync(_subscription(), stop);
                _backoff.Reset();
                await _lost.Task.WaitAsync(stop);
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                await Client.TryDisconnectAsync();
            }
            catch (OperationCanceledException)
            {
                await Client.TryDisconnectAsync();
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
}
