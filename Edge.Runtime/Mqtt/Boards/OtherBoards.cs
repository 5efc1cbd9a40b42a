using System.Globalization;
using System.Text;
using Edge.Functions;
using Edge.Functions.Catalog;
using Edge.Functions.Devices;
using Edge.Functions.Devices.Boards;
using Edge.Functions.Settings;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt.Boards;

/// <summary>
/// The brain's side: takes the devices of other boards into the house as they are announced, and out as they leave, and carries calls to
/// them. A board that died keeps its devices, which then do not answer, so that a reply can say so.
/// </summary>
internal sealed class OtherBoards
{
    /// <summary>Boards beyond are refused.</summary>
    public const int BoardsMax = 64;

    // The board may begin until the last moment of its time, and its answer takes a moment more.
    private static readonly TimeSpan Travel = TimeSpan.FromSeconds(1);

    private readonly BoardOptions _options;
    private readonly string _id;
    private readonly House _house;
    private readonly Func<IReadOnlyList<FunctionDefinition>, string?> _objection;
    private readonly Availabilities _availabilities;
    private readonly BrokerLink _link;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _boards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Pending> _pending = new(StringComparer.Ordinal);
    private Task _changing = Task.CompletedTask;

    /// <param name="objection">Why the model could not work with functions; null when it can.</param>
    public OtherBoards(BoardOptions options, string id, House house, Func<IReadOnlyList<FunctionDefinition>, string?> objection, Availabilities availabilities, BrokerLink link, TimeProvider clock, ILogger<OtherBoards> log)
    {
        _options = options;
        _id = id;
        _house = house;
        _objection = objection;
        _availabilities = availabilities;
        _link = link;
        _clock = clock;
        _log = log;
        link.On(BoardTopics.AllAnnouncements, OnAnnouncementAsync);
        link.On(BoardTopics.Answer(id, "+"), OnAnswerAsync);
        availabilities.Changed += OnAvailability;
        link.Lost += () => FailAll(null, "The broker is away, so no other board can be reached");
    }

    /// <summary>Raised when devices came or went. Do not block.</summary>
    public event Action? Changed;

    /// <summary>Sends a call. The task ends in any case.</summary>
    public Task<BoardAnswer> AskAsync(BoardCall call)
    {
        Pending pending;
        lock (_lock)
        {
            if (!_boards.Contains(call.Board) || !_availabilities.IsOnline(call.Board))
            {
                return Task.FromResult<BoardAnswer>(new BoardAnswer.Failed($"Board {call.Board} is offline."));
            }

            if (_pending.TryGetValue(call.Id, out var same))
            {
                return same.Answer.Task;
            }

            pending = new Pending(call.Board);
            _pending[call.Id] = pending;
        }

        // Not before the entry stands: the timer may be quick.
        pending.Timer = _clock.CreateTimer(_ => End(call.Id, new BoardAnswer.Failed(Silence(call))), null, call.Within + Travel, Timeout.InfiniteTimeSpan);
        _ = SendAsync(call);
        return pending.Answer.Task;
    }

    private static string Silence(BoardCall call) => $"Board {call.Board} did not answer within {DurationText.Format(call.Within)}.";

    private async Task SendAsync(BoardCall call)
    {
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(BoardTopics.Call(call.Board, _id))
            .WithPayload(BoardCallJson.Write(call, _clock.GetUtcNow() + call.Within))
            .WithContentType("application/json")
            .WithCorrelationData(Encoding.UTF8.GetBytes(call.Id))
            .WithMessageExpiryInterval((uint)Math.Ceiling(call.Within.TotalSeconds))
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
        try
        {
            await _link.PublishAsync(message, CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException)
        {
            End(call.Id, new BoardAnswer.Failed($"Board {call.Board} was not asked: {fault.Message}"));
        }
    }

    private Task OnAnswerAsync(CommandMessage message)
    {
        if (message.Payload.Length <= BoardCallJson.BytesMax && BoardAnswerJson.Read(message.Payload) is { } read)
        {
            // Only the board that was asked may answer; its id in the topic is what the broker vouches for.
            End(read.Id, read.Answer, BoardTopics.SenderOf(message.Topic));
        }

        return Task.CompletedTask;
    }

    private void OnAvailability(string board, bool online)
    {
        bool isTaken;
        lock (_lock)
        {
            isTaken = _boards.Contains(board);
        }

        if (isTaken && !online)
        {
            BoardLog.Offline(_log, board);
            FailAll(board, $"Board {board} went offline before it answered; whether something moved there is not known");
            foreach (var device in DevicesOf(board))
            {
                device.Report(DeviceState.Unknown);
            }
        }
    }

    private Task OnAnnouncementAsync(CommandMessage message)
    {
        string board = BoardTopics.OwnerOf(message.Topic);
        if (board == _id || !Topics.IsId(board))
        {
            return Task.CompletedTask;
        }

        lock (_lock)
        {
            // Beside the messages: a catalogue that changes has its grammar compiled, which takes a moment.
            _changing = _changing.ContinueWith(_ => Apply(board, message.Payload), TaskScheduler.Default);
        }

        return Task.CompletedTask;
    }

    private void Apply(string board, ReadOnlyMemory<byte> payload)
    {
        try
        {
            if (payload.IsEmpty)
            {
                Leave(board);
            }
            else if (_options.Hands.Count > 0 && !_options.Hands.Contains(board))
            {
                BoardLog.NotTaken(_log, board, "it is not listed in boards.hands");
            }
            else
            {
                Take(board, Announcement.Read(board, payload));
            }
        }
        catch (FormatException fault)
        {
            BoardLog.NotTaken(_log, board, fault.Message);
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            BoardLog.NotTaken(_log, board, fault.Message.ReplaceLineEndings(" "));
        }
    }

    private void Take(string board, IReadOnlyList<DeviceDeclaration> announced)
    {
        var devices = new List<DeviceDeclaration>();
        foreach (var device in announced)
        {
            if (_house.Registry.Find(device.Name)?.Declaration is { } same && same.Board != board)
            {
                BoardLog.LeftOut(_log, device.Name, board, $"that name is taken by a device of {(same.Board is { } other ? $"board {other}" : "this board")}; rename one of them");
                continue;
            }

            devices.Add(device);
        }

        if (_house.Registry.Devices.Count(d => d.Declaration.Board != board) + devices.Count > DeviceSettings.DevicesMax)
        {
            throw new FormatException($"the house would have more than {DeviceSettings.DevicesMax} devices");
        }

        var functions = _house.FunctionsWith(board, devices);
        if (functions.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new FormatException($"its devices need a function {twice.Key}, and the owner has one of that name; rename yours");
        }

        if (_objection([.. functions.Select(f => f.Definition)]) is { } objection)
        {
            throw new FormatException(objection);
        }

        bool isNew;
        lock (_lock)
        {
            if (_boards.Count >= BoardsMax && !_boards.Contains(board))
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{BoardsMax} boards are known already"));
            }

            isNew = _boards.Add(board);
        }

        if (isNew || !DevicesOf(board).Select(d => d.Declaration).SequenceEqual(devices))
        {
            _house.SetBoard(board, [.. devices.Select(d => new BoardDevice(d, AskAsync, _options.Within, _clock))]);
            BoardLog.Taken(_log, board, devices.Count);
            Changed?.Invoke();
        }

        if (isNew)
        {
            // Its states are retained: they come now.
            _link.Also(BoardTopics.States(board), OnStateAsync);
        }
    }

    private void Leave(string board)
    {
        lock (_lock)
        {
            if (!_boards.Remove(board))
            {
                return;
            }
        }

        _link.No(BoardTopics.States(board));
        FailAll(board, $"Board {board} left before it answered");
        _house.SetBoard(board, []);
        BoardLog.Gone(_log, board);
        Changed?.Invoke();
    }

    private Task OnStateAsync(CommandMessage message)
    {
        string board = BoardTopics.OwnerOf(message.Topic);
        string level = message.Topic.Split('/')[3];
        if (BoardAnswerJson.ReadState(message.Payload) is { } state)
        {
            DevicesOf(board).FirstOrDefault(d => Topics.Level(d.Name) == level)?.Report(state);
        }

        return Task.CompletedTask;
    }

    private IEnumerable<BoardDevice> DevicesOf(string board) => _house.Registry.Devices.OfType<BoardDevice>().Where(d => d.Declaration.Board == board);

    private void FailAll(string? board, string why)
    {
        List<string> ids;
        lock (_lock)
        {
            ids = [.. _pending.Where(p => board is null || p.Value.Board == board).Select(p => p.Key)];
        }

        foreach (string id in ids)
        {
            End(id, new BoardAnswer.Failed(why + "."));
        }
    }

    /// <param name="from">Who answers; null for this board itself, which gives up.</param>
    private void End(string id, BoardAnswer answer, string? from = null)
    {
        Pending? pending;
        lock (_lock)
        {
            if (!_pending.TryGetValue(id, out pending) || (from is not null && pending.Board != from))
            {
                return;
            }

            _pending.Remove(id);
        }

        pending.Timer?.Dispose();
        pending.Answer.TrySetResult(answer);
    }

    private sealed class Pending(string board)
    {
        public string Board { get; } = board;

        public TaskCompletionSource<BoardAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ITimer? Timer { get; set; }
    }
}
