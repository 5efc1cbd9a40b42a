using System.Globalization;
using System.Threading.Channels;
using Edge.Functions;
using Edge.Functions.Calls;
using Edge.Functions.Devices;
using Edge.Functions.Devices.Boards;
using Edge.Functions.Handlers;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>
/// The hands: announces this board's exposed devices and does what brains call, through this board's own gate. A call is judged as if a model
/// had understood a sentence, whatever the brain says; what is too late, or came before, moves nothing.
/// </summary>
internal sealed class HandsDoor : IAsyncDisposable
{
    /// <summary>How many calls may wait; a move takes milliseconds.</summary>
    public const int WaitingMax = 256;

    /// <summary>A call that claims to last longer comes from a board with another time.</summary>
    private static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(2);

    private readonly BoardOptions _options;
    private readonly string _id;
    private readonly string _version;
    private readonly TimeSpan _ageMax;
    private readonly House _house;
    private readonly BrokerLink _link;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly RecentCalls _recent;
    private readonly DeviceLanes _lanes = new();
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private Task _working = Task.CompletedTask;

    public HandsDoor(BoardOptions options, string id, string version, TimeSpan ageMax, House house, BrokerLink link, TimeProvider clock, ILogger<HandsDoor> log)
    {
        _options = options;
        _id = id;
        _version = version;
        _ageMax = ageMax;
        _house = house;
        _link = link;
        _clock = clock;
        _log = log;
        _recent = new RecentCalls(clock);
        link.On(BoardTopics.Call(id, "+"), OnCallAsync);
        link.Connected += Announce;
        link.Leaving += Withdraw;
    }

    /// <summary>A call has its result. Do not block.</summary>
    public event Action<FunctionResult>? Called;

    public void Start() => _working = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    /// <summary>Takes nothing more; what is under way ends.</summary>
    public Task StopAsync()
    {
        _waiting.Writer.TryComplete();
        _stop.Cancel();
        return _working;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private IEnumerable<DeviceDeclaration> Exposed => _house.Registry.Devices.Select(d => d.Declaration).Where(d => d.Expose && d.Board is null);

    private void Announce() => _link.Outbox.SetState(Retained(Announcement.Write(_id, _version, Exposed.Take(Announcement.DevicesMax))));

    /// <summary>Whoever leaves on purpose takes his devices with him; one that dies leaves them behind, offline.</summary>
    private void Withdraw() => _link.Outbox.SetState(Retained([]));

    private MqttApplicationMessage Retained(byte[] payload) => new MqttApplicationMessageBuilder()
        .WithTopic(BoardTopics.Announcement(_id))
        .WithPayload(payload)
        .WithRetainFlag()
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build();

    private async Task OnCallAsync(CommandMessage message)
    {
        string brain = BoardTopics.SenderOf(message.Topic);
        if (!Topics.IsId(brain) || (_options.Brains.Count > 0 && !_options.Brains.Contains(brain)))
        {
            // Not answered: whoever is not let in learns nothing either.
            BoardLog.NoBrain(_log, brain);
            return;
        }

        ReceivedCall call;
        try
        {
            call = BoardCallJson.Read(message.Payload.Length <= BoardCallJson.BytesMax ? message.Payload : default, Find);
        }
        catch (FormatException fault)
        {
            BoardLog.Unreadable(_log, brain, fault.Message);
            if (message.CorrelationData is { Length: > 0 and <= 64 } correlation)
            {
                await AnswerAsync(brain, System.Text.Encoding.UTF8.GetString(correlation), new BoardAnswer.Denied("malformed", fault.Message));
            }

            return;
        }

        var received = _clock.GetUtcNow();
        var waiting = new Waiting(brain, call, message.ExpiryS is { } seconds ? received + TimeSpan.FromSeconds(seconds) : DateTimeOffset.MaxValue);
        if ((Admission.Refusal(message, BoardCallJson.BytesMax, _ageMax) ?? TooLate(waiting)) is { } refusal)
        {
            await AnswerAsync(brain, call.Id, new BoardAnswer.Denied("refused", refusal));
            return;
        }

        switch (_recent.Add(call.Id, call.Action.ToText(), out var before))
        {
            case Novelty.Again:
                BoardLog.Repeated(_log, call.Id, brain);
                Forget(AnswerAgainAsync(brain, call.Id, before!));
                break;
            case Novelty.UsedName:
                await AnswerAsync(brain, call.Id, new BoardAnswer.Denied("used-id", "Another call came under this id; give each its own."));
                break;
            default:
                if (!_waiting.Writer.TryWrite(waiting))
                {
                    await EndAsync(waiting, new BoardAnswer.Failed($"{WaitingMax} calls wait at board {_id} already; try again in a moment."));
                }

                break;
        }
    }

    private static void Forget(Task task) => _ = task;

    private DeviceDeclaration? Find(string name) => _house.Registry.Find(name)?.Declaration is { Expose: true, Board: null } device ? device : null;

    /// <summary>By the broker's count of its expiry, and by the time the brain wrote into it, which also sees what a broken network held up.</summary>
    private string? TooLate(Waiting waiting)
    {
        var now = _clock.GetUtcNow();
        var late = now - waiting.Call.ExpiresAt;
        return now > waiting.StartBy ? "The call expired before it could start; nothing moved."
            : late > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"The call expired {late.TotalSeconds:0.0} s ago by this board's clock, so nothing moved; if that is wrong, set the clocks of both boards (NTP).")
            : -late > AheadMax ? $"The call expires later than {AheadMax.TotalMinutes:0} min from now by this board's clock, so nothing moved; set the clocks of both boards (NTP)."
            : null;
    }

    private async Task Work()
    {
        await foreach (var waiting in _waiting.Reader.ReadAllAsync())
        {
            await _lanes.AddAsync(waiting.Call.Action.Device, () => EndAsync(waiting, TooLate(waiting) is { } late ? new BoardAnswer.Denied("refused", late) : Do(waiting)));
        }

        await _lanes.EndAsync();
    }

    private BoardAnswer Do(Waiting waiting)
    {
        var call = waiting.Call;
        try
        {
            var result = _house.Dispatcher.Invoke(call.Action, new Caller($"{waiting.Brain}/{call.Caller}"), call.Token, isDirect: false, _stop.Token);
            Called?.Invoke(result);
            return result switch
            {
                FunctionResult.Done => new BoardAnswer.Done(_house.Registry.Find(call.Action.Device.Name)!.State),
                FunctionResult.Denied denied => new BoardAnswer.Denied(denied.Denial.Code, denied.Denial.Message),
                FunctionResult.Asked asked => new BoardAnswer.Asked(asked.Question, asked.Token, asked.ExpiresAt),
                _ => new BoardAnswer.Failed(result.Sentence),
            };
        }
        catch (OperationCanceledException)
        {
            return new BoardAnswer.Failed($"Board {_id} is stopping.");
        }
        catch (Exception fault)
        {
            // One device's fault must not close the door for the others.
            return new BoardAnswer.Failed($"Something inside board {_id} broke: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    private Task EndAsync(Waiting waiting, BoardAnswer answer)
    {
        _recent.Answer(waiting.Call.Id, answer);
        return AnswerAsync(waiting.Brain, waiting.Call.Id, answer);
    }

    private async Task AnswerAgainAsync(string brain, string id, Task<BoardAnswer> before) => await AnswerAsync(brain, id, await before);

    private Task AnswerAsync(string brain, string id, BoardAnswer answer) => _link.Outbox.AddReplyAsync(
        new MqttApplicationMessageBuilder()
            .WithTopic(BoardTopics.Answer(brain, _id))
            .WithPayload(BoardAnswerJson.Write(id, answer))
            .WithContentType("application/json")
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build(),
        CancellationToken.None);

    private sealed record Waiting(string Brain, ReceivedCall Call, DateTimeOffset StartBy);
}
