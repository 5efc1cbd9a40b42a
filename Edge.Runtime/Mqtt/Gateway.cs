using Edge.Runtime.Commands;
using Microsoft.Extensions.Logging;

namespace Edge.Runtime.Mqtt;

/// <summary>Turns messages into commands and replies into messages: one in, one out.</summary>
public sealed class Gateway
{
    private readonly MqttOptions _options;
    private readonly CommandTimes _times;
    private readonly BrokerLink _link;
    private readonly ReplyDesk _desk;
    private readonly CommandWorker _worker;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly InFlight _inFlight = new();
    private readonly RecentCommands _recent;
    private readonly ClientRates _rates;
    private readonly string _idPrefix;
    private int _ids;

    /// <param name="listens">Whether commands come by their topic; otherwise somebody brings them.</param>
    public Gateway(MqttOptions options, CommandTimes times, Topics topics, BrokerLink link, CommandWorker worker, TimeProvider clock, ILogger<Gateway> log, bool listens = true)
    {
        _options = options;
        _times = times;
        _link = link;
        _desk = new ReplyDesk(options, topics, link);
        _worker = worker;
        _clock = clock;
        _log = log;
        _recent = new RecentCommands(clock);
        _rates = new ClientRates(options.CommandsPerMinute, clock);

        // Ids of commands that came without one differ also between two starts, so that logs can be told apart.
        _idPrefix = clock.GetUtcNow().ToUnixTimeSeconds().ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        if (listens)
        {
            link.On(topics.Command, OnCommandAsync);
        }
    }

    /// <summary>A command has its reply. Do not block.</summary>
    public event Action<Command, Reply>? Replied;

    /// <summary>Completes when every command received so far has its reply in the outbox.</summary>
    public Task AnsweredAsync() => _inFlight.NoneAsync();

    /// <summary>Accepts or refuses one message. Returns when the next may come; the reply follows when it is ready.</summary>
    public Task OnCommandAsync(CommandMessage message) => OnCommandAsync(message, null, null);

    /// <param name="work">Names the command where its sender did not; null for nothing.</param>
    /// <param name="ended">Told once the reply is on its way; the reply is null for a repetition that needs none.</param>
    internal async Task OnCommandAsync(CommandMessage message, string? work, Func<byte[]?, Task>? ended)
    {
        var receivedAt = _clock.GetUtcNow();
        var reading = Read(message);
        string id = reading.Id ?? $"{_idPrefix}-{++_ids}";
        var to = _desk.AddressOf(message, out string? closed);
        if (closed is not null)
        {
            reading = new CommandReading.Refused(reading.Id, closed);
        }

        if (reading is CommandReading.Accepted)
        {
            switch (_recent.Add(message, reading.Id, out var answered))
            {
                case Novelty.Again when answered is not null && (answered.MayBeLost || answered.Connection != _link.Connections):
                    // The connection broke around the reply, so that it may be lost: it is said again, nothing is done again.
                    await SendAsync(answered.Reply, to, ended);
                    return;
                case Novelty.Again:
                    MqttLog.Repeated(_log, id);
                    await (ended?.Invoke(null) ?? Task.CompletedTask);
                    return;
                case Novelty.UsedName:
                    reading = new CommandReading.Refused(reading.Id, $"Another command came under this id or correlation data less than {RecentCommands.Window.TotalMinutes:0} min ago; give each command its own.");
                    break;
            }
        }

        if (!_rates.Count(message))
        {
            _recent.Remove(message, reading.Id);
            await SendAsync(ReplyJson.ToBytes(Reply.Refusal(id, ReplyStatus.Busy, $"More than {_options.CommandsPerMinute} commands came from one client within a minute (mqtt.commandsPerMinute); wait a little.")), to, ended);
            return;
        }

        using (_inFlight.Enter())
        {
            switch (reading)
            {
                case CommandReading.Accepted accepted:
                    DateTimeOffset? startBy = message.ExpiryS is { } seconds ? receivedAt + TimeSpan.FromSeconds(seconds) : null;
                    var command = new Command(id, accepted.Text, receivedAt, receivedAt + _times.TimeMax, message.Origin, accepted.Session, startBy) { Key = RecentCommands.KeyOf(message, reading.Id) ?? work };
                    Forget(AnswerAsync(command, message, reading.Id, to, ended, _inFlight.Enter()));
                    break;
                case CommandReading.Refused refused:
                    MqttLog.Refused(_log, id, refused.Sentence);
                    await SendAsync(ReplyJson.ToBytes(Reply.Refusal(id, ReplyStatus.Refused, refused.Sentence)), to, ended);
                    break;
            }
        }
    }

    /// <summary>Whether a command would be refused whatever the house and the model say.</summary>
    internal bool IsRefused(CommandMessage message) => Read(message) is CommandReading.Refused;

    /// <summary>What a command's conversation goes by: its session, its client, what its sender tells it by. Null for nothing.</summary>
    internal string? ConversationOf(CommandMessage message) => Read(message) switch
    {
        CommandReading.Accepted { Session: { } session } => $"{message.Origin}/{session}",
        _ when message.Client is not null => message.Origin,
        var reading => message.ResponseTopic ?? RecentCommands.KeyOf(message, reading.Id),
    };

    /// <summary>Another brain has answered a command: it is not to be done here when it comes again.</summary>
    internal void Remember(CommandMessage message, byte[] reply)
    {
        var reading = Read(message);
        if (_recent.Add(message, reading.Id) == Novelty.New)
        {
            _recent.Answer(message, reading.Id, new Answered(reply, -1, MayBeLost: false));
        }
    }

    private static void Forget(Task task) => _ = task;

    private async Task SendAsync(byte[] reply, ReplyAddress to, Func<byte[]?, Task>? ended)
    {
        await _desk.SendAsync(reply, to);
        await (ended?.Invoke(reply) ?? Task.CompletedTask);
    }

    private CommandReading Read(CommandMessage message)
    {
        // What is too big is not looked into; of everything else the id is echoed.
        var reading = message.Payload.Length > _options.PayloadBytesMax ? new CommandReading.Refused(null, "") : CommandReader.Read(message);
        return Admission.Refusal(message, _options.PayloadBytesMax, _times.AgeMax) is { } refusal ? new CommandReading.Refused(reading.Id, refusal)
            : reading is CommandReading.Accepted && Admission.RefusalOfNameless(message, reading.Id is not null) is { } nameless ? new CommandReading.Refused(null, nameless)
            : reading;
    }

    private async Task AnswerAsync(Command command, CommandMessage message, string? id, ReplyAddress to, Func<byte[]?, Task>? ended, IDisposable inFlight)
    {
        using (inFlight)
        {
            var reply = await _worker.SubmitAsync(command);
            byte[] bytes = ReplyJson.ToBytes(reply);
            if (reply.Status == ReplyStatus.Busy)
            {
                // Whoever is told to try again must be able to.
                _recent.Remove(message, id);
            }

            else
            {
                _recent.Answer(message, id, new Answered(bytes, _link.Connections, _link.IsNewAgain));
            }

            Replied?.Invoke(command, reply);
            await SendAsync(bytes, to, ended);
        }
    }
}

/// <summary>How long commands may take.</summary>
/// <param name="TimeMax">From receipt to the deadline.</param>
/// <param name="AgeMax">A command that may have waited longer in the broker is refused.</param>
public sealed record CommandTimes(TimeSpan TimeMax, TimeSpan AgeMax);
