using System.Threading.Channels;
using MQTTnet;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// Messages on their way to the broker, kept while it is away. Replies are never dropped: when <c>repliesMax</c> wait, whoever
/// brings the next one waits too, and so does the reading of commands. Of a device's states only the newest waits, of events the newest 64.
/// </summary>
internal sealed class Outbox(int repliesMax = 256, int statesMax = 1024, int eventsMax = 64) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<MqttApplicationMessage> _replies = new();
    private readonly Queue<MqttApplicationMessage> _events = new();
    private readonly OrderedDictionary<string, MqttApplicationMessage> _states = [];
    private readonly SemaphoreSlim _room = new(repliesMax);
    private TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public async Task AddReplyAsync(MqttApplicationMessage reply, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        lock (_lock)
        {
            _replies.Enqueue(reply);
        }

        _news.Writer.TryWrite(true);
    }

    public void AddEvent(MqttApplicationMessage message)
    {
        lock (_lock)
        {
            if (_events.Count >= eventsMax)
            {
                _events.Dequeue();
            }

            _events.Enqueue(message);
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Replaces what waits on the state's topic.</summary>
    public void SetState(MqttApplicationMessage state)
    {
        lock (_lock)
        {
            _states.Remove(state.Topic);
            if (_states.Count >= statesMax)
            {
                _states.RemoveAt(0);
            }

            _states.Add(state.Topic, state);
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>The oldest reply, then the oldest event, then the oldest state. It stays until <see cref="Sent"/>, so that a broken connection loses nothing.</summary>
    public async Task<MqttApplicationMessage> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Peek() is { } message)
            {
                return message;
            }

            await _news.Reader.ReadAsync(cancellationToken);
        }
    }

    public MqttApplicationMessage? Peek()
    {
        lock (_lock)
        {
            return _replies.TryPeek(out var reply) ? reply
                : _events.TryPeek(out var happened) ? happened
                : _states.Count > 0 ? _states.GetAt(0).Value : null;
        }
    }

    /// <summary>Completes when nothing waits: at once, or with the last message that was sent.</summary>
    public Task EmptyAsync()
    {
        lock (_lock)
        {
            return IsEmpty ? Task.CompletedTask : _empty.Task;
        }
    }

    public void Sent(MqttApplicationMessage message)
    {
        lock (_lock)
        {
            if (_replies.TryPeek(out var reply) && ReferenceEquals(reply, message))
            {
                _replies.Dequeue();
                _room.Release();
            }
            else if (_events.TryPeek(out var happened) && ReferenceEquals(happened, message))
            {
                _events.Dequeue();
            }
            else if (_states.TryGetValue(message.Topic, out var state) && ReferenceEquals(state, message))
            {
                _states.Remove(message.Topic);
            }

            if (IsEmpty)
            {
                _empty.TrySetResult();
                _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private bool IsEmpty => _replies.Count + _events.Count + _states.Count == 0;

    public void Dispose() => _room.Dispose();
}
