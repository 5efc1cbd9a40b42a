using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>
/// The shared subscription, by a connection without a session: mosquitto goes on handing a group's messages to a member whose session
/// outlives its connection, and a brain that died must get none.
/// </summary>
internal sealed class SharedLink : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly string _filter;
    private readonly string _id;
    private readonly MqttOptions _options;
    private readonly TimeProvider _clock;
    private readonly Backoff _backoff;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private TaskCompletionSource _lost = new();

    /// <param name="take">Gets each message; it is acknowledged when the task has ended well.</param>
    public SharedLink(string filter, string id, MqttOptions options, Func<MqttApplicationMessage, Task> take, TimeProvider clock, Random random)
    {
        _filter = filter;
        _id = id;
        _options = options;
        _clock = clock;
        _backoff = new Backoff(random);
        _client.ApplicationMessageReceivedAsync += received =>
        {
            // Not one after another: while one is being shown to the others, the next need not wait.
            received.AutoAcknowledge = false;
            _ = TakeAsync(received, take);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += _ =>
        {
            _lost.TrySetResult();
            return Task.CompletedTask;
        };
    }

    /// <summary>Starts connecting, and never stops trying.</summary>
    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>Leaves the group: the broker gives commands to the others from here on.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private static async Task TakeAsync(MqttApplicationMessageReceivedEventArgs received, Func<MqttApplicationMessage, Task> take)
    {
        try
        {
            await take(received.ApplicationMessage);
            await received.AcknowledgeAsync(CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException or MQTTnet.Exceptions.MqttCommunicationException)
        {
            // Not acknowledged: every brain has heard the command and one of them takes it up.
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await _client.ConnectAsync(
                    new MqttClientOptionsBuilder().ForBroker(_options).WithClientId($"{_options.ClientId ?? $"edge-{_id}"}-shared").WithCleanStart().WithTimeout(AnswerPatience).Build(), stop);
                await _client.SubscribeAsync(
                    new MqttClientSubscribeOptionsBuilder().WithTopicFilter(_filter, MqttQualityOfServiceLevel.AtLeastOnce, retainAsPublished: true).Build(), stop);
                _backoff.Reset();
                await _lost.Task.WaitAsync(stop);
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                // The link of replies says that the broker is away; one voice is enough.
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
}
