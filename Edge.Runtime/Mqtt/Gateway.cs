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

    public Gateway(MqttOptions options, CommandTimes times, Topics topics, BrokerLink link, CommandWorker worker, TimeProvider clock, ILogger<Gateway> log)
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
        link.On(topics.Command, OnCommandAsync);
    }

    /// <summary>A command has its reply. Do not block.</summary>
    public event Action<Command, Reply>? Replied;

    /// <summary>Completes when every command received so far has its reply in the outbox.</summary>
    public Task AnsweredAsync() => _inFlight.NoneAsync();

    /// <summary>Accepts or refuses one message. Returns when the next may come; the reply follows when it is ready.</summary>
    public async Task OnCommandAsync(CommandMessage message)
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
                case Novelty.Again when answered is not null && answered.Connection != _link.Connections:
                    // The connection broke after the reply was given, so that it may be lost: it is said again, nothing is done again.
                    await _desk.SendAsync(answered.Reply, to);
                    return;
                case Novelty.Again:
                    MqttLog.Repeated(_log, id);
                    return;
                case Novelty.UsedName:
                    reading = new CommandReading.Refused(reading.Id, $"Another command came under this id or correlation data less than {RecentCommands.Window.TotalMinutes:0} min ago; give each command its own.");
                    break;
            }
        }

        if (!_rates.Count(message))
        {
            _recent.Remove(message, reading.Id);
            await _desk.SendAsync(Reply.Refusal(id, ReplyStatus.Busy, $"More than {_options.CommandsPerMinute} commands came from one client within a minute (mqtt.commandsPerMinute); wait a little."), to);
            return;
        }

        using (_inFlight.Enter())
        {
            switch (reading)
            {
                case CommandReading.Accepted accepted:
                    DateTimeOffset? startBy = message.ExpiryS is { } seconds ? receivedAt + TimeSpan.FromSeconds(seconds) : null;
                    var command = new Command(id, accepted.Text, receivedAt, receivedAt + _times.TimeMax, message.Origin, accepted.Session, startBy);
                    Forget(AnswerAsync(command, message, reading.Id, to, _inFlight.Enter()));
                    break;
                case CommandReading.Refused refused:
                    MqttLog.Refused(_log, id, refused.Sentence);
                    await _desk.SendAsync(Reply.Refusal(id, ReplyStatus.Refused, refused.Sentence), to);
                    break;
            }
        }
    }

    private static void Forget(Task task) => _ = task;

    private CommandReading Read(CommandMessage message)
    {
        // What is too big is not looked into; of everything else the id is echoed.
        var reading = message.Payload.Length > _options.PayloadBytesMax ? new CommandReading.Refused(null, "") : CommandReader.Read(message);
        return Admission.Refusal(message, _options.PayloadBytesMax, _times.AgeMax) is { } refusal ? new CommandReading.Refused(reading.Id, refusal)
            : reading is CommandReading.Accepted && Admission.RefusalOfNameless(message, reading.Id is not null) is { } nameless ? new CommandReading.Refused(null, nameless)
            : reading;
    }

    private async Task AnswerAsync(Command command, CommandMessage message, string? id, ReplyAddress to, IDisposable inFlight)
    {
        using (inFlight)
        {
            var reply = await _worker.SubmitAsync(command);
            if (reply.Status == ReplyStatus.Busy)
            {
                // Whoever is told to try again must be able to.
                _recent.Remove(message, id);
            }

            else
            {
                _recent.Answer(message, id, new Answered(reply, _link.Connections));
            }

            Replied?.Invoke(command, reply);
            await _desk.SendAsync(reply, to);
        }
    }
}

/// <summary>How long commands may take.</summary>
/// <param name="TimeMax">From receipt to the deadline.</param>
/// <param name="AgeMax">A command that may have waited longer in the broker is refused.</param>
public sealed record CommandTimes(TimeSpan TimeMax, TimeSpan AgeMax);
