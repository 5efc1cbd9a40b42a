using System.Threading.Channels;
using Edge.Functions.Devices;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Mqtt;

/// <summary>
/// A hub's switches: <c>devices/&lt;device&gt;/set</c>. They pass the same gate as the model's calls, on a thread of their own, so that they
/// never wait behind the model.
/// </summary>
internal sealed class DeviceDoor : IAsyncDisposable
{
    /// <summary>How many may wait; a move takes milliseconds.</summary>
    public const int WaitingMax = 256;

    private readonly MqttOptions _options;
    private readonly TimeSpan _ageMax;
    private readonly Dictionary<string, Device> _byTopic;
    private readonly DeviceInvoker _invoke;
    private readonly ReplyDesk _desk;
    private readonly Events _events;
    private readonly BrokerLink _link;
    private readonly Topics _topics;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly RecentCommands _recent;
    private readonly DeviceLanes _lanes = new();
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private Task _working = Task.CompletedTask;

    public DeviceDoor(
        MqttOptions options, TimeSpan ageMax, DeviceRegistry devices, DeviceInvoker invoke, Topics topics, BrokerLink link, Events events, TimeProvider clock, ILogger<DeviceDoor> log)
    {
        _options = options;
        _ageMax = ageMax;
        _byTopic = devices.Devices.ToDictionary(d => topics.DeviceSet(d.Name), StringComparer.Ordinal);
        _invoke = invoke;
        _topics = topics;
        _desk = new ReplyDesk(options, topics, link);
        _events = events;
        _link = link;
        _clock = clock;
        _log = log;
        _recent = new RecentCommands(clock);
        link.On(topics.DeviceSets, TakeAsync);
    }

    public void Start() => _working = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    /// <summary>Takes nothing more; what is under way ends.</summary>
    public Task StopAsync()
    {
        _waiting.Writer.TryComplete();
        return _working;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Takes what is to be set; <see cref="CommandMessage.Topic"/> is the device's own <c>set</c>, by whatever convention it came.</summary>
    public async Task TakeAsync(CommandMessage message)
    {
        _byTopic.TryGetValue(message.Topic, out var device);
        string? refusal = Admission.Refusal(message, _options.PayloadBytesMax, _ageMax);
        var reading = message.Payload.Length > _options.PayloadBytesMax || device is null
            ? new SetReading(null, null, $"There is no device on {message.Topic}.")
            : DeviceSetReader.Read(device.Declaration, message.Payload);
        var to = _desk.AddressOf(message, out string? closed);
        refusal ??= closed ?? reading.Refusal ?? Admission.RefusalOfNameless(message, reading.Id is not null);
        var waiting = new Waiting(message, reading, to, device?.Name ?? message.Topic, _clock.GetUtcNow());
        if (refusal is null)
        {
            switch (_recent.Add(message, reading.Id))
            {
                case Novelty.Again:
                    return;
                case Novelty.UsedName:
                    refusal = "Another command came under this id or correlation data; give each command its own.";
                    break;
            }
        }

        if (refusal is not null)
        {
            await TellAsync(waiting, ReplyStatus.Refused, refusal, null);
        }
        else if (!_waiting.Writer.TryWrite(waiting))
        {
            _recent.Remove(message, reading.Id);
            await TellAsync(waiting, ReplyStatus.Busy, $"{WaitingMax} settings are waiting already; try again in a moment.", null);
        }
    }

    private async Task Work()
    {
        await foreach (var waiting in _waiting.Reader.ReadAllAsync())
        {
            await _lanes.AddAsync(waiting.Reading.Action!.Device, () => DoAsync(waiting));
        }

        await _lanes.EndAsync();
    }

    private async Task DoAsync(Waiting waiting)
    {
        if (waiting.Message.ExpiryS is { } seconds && _clock.GetUtcNow() > waiting.ReceivedAt + TimeSpan.FromSeconds(seconds))
        {
            await TellAsync(waiting, ReplyStatus.Refused, "The command expired before it could start (its MQTT message expiry); send it again.", null);
            return;
        }

        try
        {
            var result = _invoke(waiting.Reading.Action!, waiting.Message.Origin, waiting.Reading.Token);
            await TellAsync(waiting, result is FunctionResult.Done ? ReplyStatus.Ok : ReplyStatus.Failed, result.Sentence, result);
        }
        catch (Exception fault)
        {
            // One device's fault must not close the door for the others.
            await TellAsync(waiting, ReplyStatus.Error, $"Something inside broke: {fault.Message.ReplaceLineEndings(" ")}", null);
        }
    }

    /// <summary>Whoever asked for a reply gets it; what was not done is an event, and the state is said again for those who believed it was.</summary>
    private async Task TellAsync(Waiting waiting, ReplyStatus status, string sentence, FunctionResult? result)
    {
        var (message, reading) = (waiting.Message, waiting.Reading);
        if (status != ReplyStatus.Ok)
        {
            MqttLog.NotSet(_log, waiting.Device, message.Origin, sentence);
            _events.Add(Events.TypeOf(status, result), sentence, message.Origin, reading.Id, waiting.Device);
            if (_byTopic.TryGetValue(message.Topic, out var device))
            {
                DeviceStates.Publish(_link, _topics, device, device.State);
            }
        }

        if (message.ResponseTopic is not null || reading.Id is not null)
        {
            var reply = new Reply(reading.Id ?? waiting.Device, status, sentence, [], result is null ? [] : [result], new CommandTiming());
            await _desk.SendAsync(reply, waiting.To);
        }
    }

    private sealed record Waiting(CommandMessage Message, SetReading Reading, ReplyAddress To, string Device, DateTimeOffset ReceivedAt);
}

/// <summary>The way through the gate for a hub's switches.</summary>
/// <param name="caller">Who asked.</param>
/// <param name="token">A PIN, or the token of a question; null for none.</param>
public delegate FunctionResult DeviceInvoker(DeviceAction action, string caller, string? token);
