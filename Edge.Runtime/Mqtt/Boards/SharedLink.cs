using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>
/// The shared subscription, by a connection without a session: mosquitto goes on handing a group's messages to a member whose session
/// outlives its connection, and a brain that died must get none.
/// </summary>
internal sealed class SharedLink : IAsyncDisposable
{
    private readonly SideConnection _connection;

    /// <param name="take">Gets each message; it is acknowledged when the task has ended well.</param>
    public SharedLink(string filter, MqttOptions options, Func<MqttApplicationMessage, Task> take, TimeProvider clock, Random random)
    {
        var subscription = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce, retainAsPublished: true).Build();
        _connection = new SideConnection("shared", options, () => subscription, clock, random);
        _connection.Client.ApplicationMessageReceivedAsync += received =>
        {
            // Not one after another: while one is being shown to the others, the next need not wait.
            received.AutoAcknowledge = false;
            _ = TakeAsync(received, take);
            return Task.CompletedTask;
        };
    }

    /// <summary>Starts connecting, and never stops trying.</summary>
    public void Start() => _connection.Start();

    /// <summary>Leaves the group: the broker gives commands to the others from here on.</summary>
    public Task StopAsync() => _connection.StopAsync();

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

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
}
